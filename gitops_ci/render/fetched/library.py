"""What the repository asks for from elsewhere, found in the cache or fetched into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from gitops_ci.model.span import Location
from gitops_ci.net.download import download
from gitops_ci.render.fetched.addresses import base_of, chart_address, is_file, shown
from gitops_ci.render.fetched.clone import GitFetch
from gitops_ci.render.fetched.lock import PATH, Lock
from gitops_ci.render.fetched.model import (
    ChartPin,
    Entry,
    FetchError,
    Key,
    Kind,
    MismatchError,
    Mode,
    Mounted,
    NotFetchedError,
    Outcome,
    State,
)
from gitops_ci.render.fetched.mounts import chart_files, mounted_commit, mounted_file
from gitops_ci.render.fetched.pull import HelmPull
from gitops_ci.render.fetched.resolve import ChartSource, CommitSource, FileSource, Source
from gitops_ci.render.fetched.store import Store, cache_folder
from gitops_ci.render.programs import Programs
from gitops_ci.repo.files import MAX_BYTES, Files

_COMMAND = "`gitops-ci charts fetch`"


def _small(address: str) -> bytes:
    """The file at the address, no larger than what is parsed."""
    return download(address, limit=MAX_BYTES)


class Fetchers(Struct, frozen=True):
    """The ways to the outside."""

    charts: HelmPull
    commits: GitFetch
    files: Callable[[str], bytes] = _small


class Library:
    """Charts, bases and files from elsewhere. `outcomes` remembers everything that was asked for,
    each thing once. Without `fetchers` nothing but the cache is read."""

    def __init__(
        self,
        lock: Lock,
        store: Store,
        fetchers: Fetchers | None = None,
        mode: Mode = Mode.OFFLINE,
    ) -> None:
        self._lock = lock
        self._store = store
        self._fetchers = fetchers
        self._mode = mode if fetchers is not None else Mode.OFFLINE
        self.outcomes: dict[Key, Outcome] = {}
        self._charts: dict[Key, Files] = {}
        self._mounts: dict[Key, Mounted] = {}
        self._texts: dict[Key, str] = {}

    @property
    def is_closed(self) -> bool:
        """Whether nothing at all can be found here."""
        return self._mode is Mode.OFFLINE and not self._lock.entries

    def chart(self, pin: ChartPin) -> Files:
        """The files of the chart, without the folder around them. Raises NotFetchedError and
        MismatchError."""
        key = Key(Kind.CHART, shown(chart_address(pin.address)), pin.name, _asked(pin))
        source = ChartSource(pin, self._fetchers.charts) if self._fetchers else None
        entry = self._found(key, source, pin.location)
        if key not in self._charts:
            self._charts[key] = chart_files(self._store, entry)
        return self._charts[key]

    def base(self, text: str) -> Mounted:
        """What a remote entry of a kustomization names. Raises NotFetchedError and
        MismatchError."""
        key, path, source = self._remote(text)
        entry = self._found(key, source, None, text)
        if key not in self._mounts:
            mount = mounted_file if key.kind == Kind.FILE else mounted_commit
            self._mounts[key] = mount(self._store, entry)
        mounted = self._mounts[key]
        return mounted._replace(path=f"{mounted.path}/{path}") if path else mounted

    def place(self, of: Callable[[str], Location | None]) -> None:
        """Say which lines ask for the remote entries of which that is not known yet."""
        for key, text in self._texts.items():
            outcome = self.outcomes[key]
            if outcome.location is None:
                outcome.location = of(text)

    def _remote(self, text: str) -> tuple[Key, str, Source | None]:
        """The key of a remote entry, the path in it, and where it comes from."""
        fetchers = self._fetchers
        if is_file(text):
            file = FileSource(text, fetchers.files) if fetchers else None
            return Key(Kind.FILE, shown(text)), "", file
        base = base_of(text)
        if base is None:
            raise NotFetchedError("this is no address of a git repository")
        commit = CommitSource(base.address, fetchers.commits) if fetchers else None
        return Key(Kind.BASE, shown(base.address), version=base.ref), base.path, commit

    def _found(
        self, key: Key, source: Source | None, location: Location | None, text: str = ""
    ) -> Entry:
        """The entry of what is in the cache, after fetching it if that is allowed."""
        if text:
            self._texts.setdefault(key, text)
        outcome = self.outcomes.get(key)
        if outcome is None:
            outcome = self._outcome(key, source, location)
            self.outcomes[key] = outcome
        if outcome.entry is not None and outcome.state in (State.PRESENT, State.FETCHED):
            return outcome.entry
        if outcome.state is State.MISMATCH:
            raise MismatchError(outcome.message)
        raise NotFetchedError(outcome.message)

    def _outcome(self, key: Key, source: Source | None, location: Location | None) -> Outcome:
        locked = self._lock.entries.get(key)
        try:
            entry, state = self._obtain(key, locked, source)
        except NotFetchedError as error:
            state = State.ABSENT if source is None else State.REFUSED
            return Outcome(key, state, locked, str(error), location)
        except MismatchError as error:
            return Outcome(key, State.MISMATCH, locked, str(error), location)
        except FetchError as error:
            return Outcome(key, State.FAILED, locked, str(error), location)
        return Outcome(key, state, entry, "", location)

    def _obtain(self, key: Key, locked: Entry | None, source: Source | None) -> tuple[Entry, State]:
        update = source if self._mode is Mode.UPDATE else None
        if locked is not None and not (update and update.moves(key, self._store)):
            if self._store.has(locked):
                return locked, State.PRESENT
            if source is None:
                raise NotFetchedError(f"{PATH} names it, but the cache lacks it: run {_COMMAND}")
            return source.again(locked, self._store), State.FETCHED
        if source is None:
            raise NotFetchedError(f"it has not been fetched: run {_COMMAND}")
        noted = self._store.noted(key) if self._mode is Mode.NETWORK else None
        if noted is not None and self._store.has(noted):
            return noted, State.PRESENT
        entry = source.first(key, self._mode, self._store)
        self._store.note(entry)
        return entry, State.FETCHED


def open_library(
    lock: Lock, programs: Programs, *, network: bool, folder: Path | None = None
) -> Library:
    """The cache in `folder`, or that of the user, under the lock; with `network` what is pinned and
    can be had without a password is fetched into it."""
    fetchers = Fetchers(HelmPull(programs), GitFetch(programs)) if network else None
    return Library(lock, Store(folder or cache_folder()), fetchers, Mode.NETWORK)


def _asked(pin: ChartPin) -> str:
    """The version as it is asked for; a digest says more than a tag."""
    return f"{pin.version}@{pin.digest}" if pin.digest else pin.version
