"""How each kind of thing is fetched for the first time, and fetched again as the lock says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from gitops_ci.render.fetched.addresses import is_exact, shown
from gitops_ci.render.fetched.archives import ArchiveError, chart_tree
from gitops_ci.render.fetched.clone import GitFetch
from gitops_ci.render.fetched.model import (
    ChartPin,
    Entry,
    FetchError,
    Key,
    MismatchError,
    Mode,
    NotFetchedError,
)
from gitops_ci.render.fetched.pull import HelmPull
from gitops_ci.render.fetched.store import Store, sha256
from gitops_ci.render.helm.chart import top_of
from gitops_ci.repo.files import Files

_UPDATE = "`charts fetch --update` locks what it leads to now"


class Source(Protocol):
    """Where one thing comes from."""

    def moves(self, key: Key, store: Store) -> bool:
        """Whether the key may lead to something else tomorrow, so that `--update` asks again.
        Raises NotFetchedError and FetchError."""
        ...

    def first(self, key: Key, mode: Mode, store: Store) -> Entry:
        """Fetch what no lock names into the store. Raises NotFetchedError when it is not pinned
        and the mode does not resolve it, and FetchError."""
        ...

    def again(self, locked: Entry, store: Store) -> Entry:
        """Fetch what the lock names into the store. Raises MismatchError and FetchError."""
        ...


class ChartSource(Struct, frozen=True):
    """A chart of a repository or registry."""

    pin: ChartPin
    pull: HelmPull

    def moves(self, key: Key, store: Store) -> bool:  # noqa: ARG002 - of Source
        """A range does."""
        return not (is_exact(self.pin.version) or self.pin.digest)

    def first(self, key: Key, mode: Mode, store: Store) -> Entry:
        """See Source."""
        if self.moves(key, store) and mode is not Mode.UPDATE:
            said = f"the version '{self.pin.version}' is a range"
            raise NotFetchedError(
                f"{said if self.pin.version else 'no version is given'}; {_UPDATE}"
            )
        data = self.pull(self.pin, self.pin.version)
        return Entry(key, self._version(data), store.put(data))

    def again(self, locked: Entry, store: Store) -> Entry:
        """See Source."""
        data = self.pull(self.pin, locked.resolved)
        if sha256(data) != locked.sha256:
            message = (
                f"version {locked.resolved} has the digest sha256:{sha256(data)}, but "
                f"sha256:{locked.sha256} is locked"
            )
            raise MismatchError(message)
        store.put(data)
        return locked

    def _version(self, data: bytes) -> str:
        """The version in the archive. Raises MismatchError when it is not the chart's archive."""
        try:
            chart = top_of(Files(chart_tree(data)), "Chart.yaml")
        except ArchiveError as error:
            raise MismatchError(f"the archive is refused: {error}") from error
        name, version = str(chart.get("name")), str(chart.get("version"))
        if name != self.pin.name.rpartition("/")[2]:
            raise MismatchError(f"the archive holds the chart '{name}'")
        if not is_exact(version):
            raise MismatchError(f"the archive says that its version is '{version}'")
        return version


class CommitSource(Struct, frozen=True):
    """A commit of a git repository."""

    address: str
    git: GitFetch

    def moves(self, key: Key, store: Store) -> bool:
        """A branch does; only the repository knows what is one."""
        return self.git.resolve(self.address, key.version, store).is_branch

    def first(self, key: Key, mode: Mode, store: Store) -> Entry:
        """See Source."""
        ref = self.git.resolve(self.address, key.version, store)
        if ref.is_branch and mode is not Mode.UPDATE:
            said = f"'{key.version}' is a branch" if key.version else "no ref is given"
            raise NotFetchedError(f"{said}; {_UPDATE}")
        if store.archive(ref.commit) is None:
            self.git.archive(self.address, ref.commit, store)
        return Entry(key, ref.commit)

    def again(self, locked: Entry, store: Store) -> Entry:
        """See Source; a branch may have moved on since, a tag may not."""
        ref = self.git.resolve(self.address, locked.key.version, store)
        if not ref.is_branch and ref.commit != locked.resolved:
            message = f"it is the commit {ref.commit}, but {locked.resolved} is locked"
            raise MismatchError(message)
        self.git.archive(self.address, locked.resolved, store)
        return locked


class FileSource(Struct, frozen=True):
    """A file behind an address; nothing but its content says what it is."""

    address: str
    download: Callable[[str], bytes]

    def moves(self, key: Key, store: Store) -> bool:  # noqa: ARG002 - of Source
        """Anybody may put another file there."""
        return True

    def first(self, key: Key, mode: Mode, store: Store) -> Entry:
        """See Source."""
        if mode is Mode.NETWORK:
            raise NotFetchedError(
                "nothing pins this file; `gitops-ci charts fetch` locks its digest"
            )
        return Entry(key, "", store.put(self._data()))

    def again(self, locked: Entry, store: Store) -> Entry:
        """See Source."""
        data = self._data()
        if sha256(data) != locked.sha256:
            message = (
                f"it has the digest sha256:{sha256(data)}, but sha256:{locked.sha256} is locked"
            )
            raise MismatchError(message)
        store.put(data)
        return locked

    def _data(self) -> bytes:
        try:
            return self.download(self.address)
        except OSError as error:
            raise FetchError(shown(str(error))) from error
