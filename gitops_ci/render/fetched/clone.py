"""Bases through git: one commit without history, never checked out, so that no hook, filter or
submodule of it can do anything."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from gitops_ci.render.fetched.addresses import is_commit, is_safe_ref, scheme_of
from gitops_ci.render.fetched.model import FetchError, NotFetchedError
from gitops_ci.render.fetched.privacy import private, spoken
from gitops_ci.render.fetched.store import Store
from gitops_ci.render.programs import Programs
from gitops_ci.tools.run import MissingProgramError

TIMEOUT = 180.0
MAX_TREE = 512 * 2**20
"""No larger commit is kept (bytes of all its files)."""
PROTOCOLS = ("https", "ssh")
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "fetch.recurseSubmodules=false",
    "submodule.recurse=false",
    "transfer.bundleURI=false",
    "init.defaultBranch=main",
)
_ATTRIBUTES = "* -export-ignore -export-subst -filter\n"


class Ref(Struct, frozen=True):
    """What a name is in a repository: its commit, and whether it is a branch."""

    commit: str
    is_branch: bool


class GitFetch(Struct, frozen=True):
    """Fetches commits. `config` is a git configuration file that the user names, for credentials;
    None means that none is read."""

    programs: Programs
    config: Path | None = None
    protocols: tuple[str, ...] = PROTOCOLS
    timeout: float = TIMEOUT

    def resolve(self, address: str, ref: str, store: Store) -> Ref:
        """The commit that a tag, branch or whole commit id names; an empty ref is the default
        branch. Raises NotFetchedError for what is never fetched, and FetchError."""
        self._refuse(address, ref)
        if is_commit(ref):
            return Ref(ref, is_branch=False)
        tag, branch = f"refs/tags/{ref}", f"refs/heads/{ref}"
        wanted = (tag, f"{tag}^{{}}", branch, ref) if ref else ("HEAD",)
        with store.scratch() as folder:
            answer = self._git(folder, "ls-remote", "--", address, *wanted)
        pairs = (line.partition("\t") for line in answer.splitlines())
        known = {name: commit for commit, _, name in pairs}
        for name in (f"{tag}^{{}}", tag, branch, "HEAD", ref):
            if name in known and is_commit(known[name]):
                is_branch = name == "HEAD" or name.startswith("refs/heads/")
                return Ref(known[name], is_branch)
        raise FetchError(f"there is no tag or branch '{ref}'")

    def archive(self, address: str, commit: str, store: Store) -> Path:
        """Fetch the commit into the cache. Raises NotFetchedError and FetchError."""
        self._refuse(address, commit)
        with store.scratch() as folder:
            repository = folder / "repository"
            self._git(folder, "init", "--bare", "--quiet", "--template=", repository)
            fetch = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules")
            self._git(repository, *fetch, "--", address, commit)
            (repository / "info").mkdir(exist_ok=True)
            (repository / "info" / "attributes").write_text(_ATTRIBUTES, "ascii")
            self._weigh(repository, commit)
            target = folder / "commit.tar"
            self._git(repository, "archive", "--format=tar", f"--output={target}", commit)
            return store.put_archive(commit, target)

    def _weigh(self, repository: Path, commit: str) -> None:
        listing = self._git(repository, "ls-tree", "-r", "-l", "--full-tree", commit)
        sizes = (line.split("\t")[0].split()[-1] for line in listing.splitlines() if "\t" in line)
        total = sum(int(size) for size in sizes if size.isdigit())
        if total > MAX_TREE:
            raise FetchError(f"the repository holds more than {MAX_TREE // 2**20} MiB")

    def _refuse(self, address: str, ref: str) -> None:
        if scheme_of(address) not in self.protocols:
            allowed = " and ".join(self.protocols)
            raise NotFetchedError(f"bases are fetched from {allowed} addresses only")
        if ref and not is_safe_ref(ref):
            raise NotFetchedError(f"{ref!r} is not the name of a tag, branch or commit")

    def _git(self, folder: Path, *words: str | Path) -> str:
        """What git prints."""
        git = self.programs.find("git")
        if git is None:
            raise FetchError("git was not found")
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        argv = [git, *settings, *words]
        try:
            outcome = self.programs.run(
                argv, cwd=folder, timeout=self.timeout, env=self._environment(folder)
            )
        except MissingProgramError as error:
            raise FetchError(str(error)) from error
        if not outcome.ok:
            raise FetchError(spoken("git", outcome, self.timeout, str(folder)))
        return outcome.stdout.decode("utf-8", "replace")

    def _environment(self, folder: Path) -> dict[str, str]:
        return private(folder / "home") | {
            "GIT_ALLOW_PROTOCOL": ":".join(self.protocols),
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self.config or "/dev/null"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_LFS_SKIP_SMUDGE": "1",
            "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
