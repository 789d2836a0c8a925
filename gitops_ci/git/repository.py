"""One git repository, read through the `git` program.

Nothing that the repository holds can make git run something: hooks, pagers, external diffs, text
converters, the file system monitor and every transport are off. Revisions are turned into object
ids first, so no branch name can become an option.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.git import parse
from gitops_ci.git.parse import Blob, Committed, Difference, FileChange
from gitops_ci.model.errors import IncompleteError, UsageError
from gitops_ci.model.regex import regex
from gitops_ci.output.files import give_back
from gitops_ci.tools.run import MissingProgramError, Outcome, run

TIMEOUT = 120.0
_MOST_PATHS = 500
"""For more paths all of a tree is listed: a command line has an end."""
_MOST_TREES = 2
"""So many lists of files are kept: a change is compared with what it departs from."""
_BATCH_BYTES = 64 * 2**20
_OID = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_USER = regex(r"(?<=://)[^/@]*@")
DIFF = ("--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty", "--relative")
"""What every comparison is told, so that nothing but the contents decides its output."""
DIFFERENCE = ("--raw", "--numstat", "-p", "-z", "-U0", "-M", "--inter-hunk-context=0")
"""What a comparison prints that `parse.read_difference` reads."""
_SETTINGS = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.quotePath", "true"),
    ("diff.noprefix", "false"),
    ("diff.mnemonicPrefix", "false"),
    ("protocol.allow", "never"),
)
FULL_HISTORY = (
    "the clone is shallow: set `fetch-depth: 0` on actions/checkout, or the variable "
    "`GIT_DEPTH: 0` on GitLab, so that the base revision is there"
)
WHOLE_CLONE = (
    "the clone is partial: it lacks files, and nothing is fetched here; set neither `filter` nor "
    "`sparse-checkout` on actions/checkout"
)


class Departure(Struct, frozen=True):
    """Two commits, and the one from which the way to `head` departs from the way to `base`."""

    base: str
    head: str
    fork: str


class Git:
    """The repository around `root`, a directory of its work tree. All paths are relative to
    `root`; what lies outside of it is not seen.

    Methods raise IncompleteError when git is missing, fails or takes too long, and UsageError when
    a revision does not exist.
    """

    def __init__(self, root: Path, program: str = "git") -> None:
        self.root = root
        self._program = program
        top = _top(root) or root
        self._top = top
        self._whole = False  # once all of history is here, it stays
        self._commits: set[str] = set()
        self._trees: dict[str, tuple[Blob, ...]] = {}
        settings = (("safe.directory", str(top)), *_SETTINGS)
        self._environment = {
            "GIT_CONFIG_COUNT": str(len(settings)),
            **{f"GIT_CONFIG_KEY_{i}": key for i, (key, _) in enumerate(settings)},
            **{f"GIT_CONFIG_VALUE_{i}": value for i, (_, value) in enumerate(settings)},
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_PAGER": "cat",
            "LC_ALL": "C",
        }

    @classmethod
    def discover(cls, directory: Path, program: str = "git") -> Git | None:
        """The repository whose work tree `directory` belongs to, or None. Does not start git."""
        return cls(directory, program) if _top(directory) else None

    def prefix(self) -> str:
        """The way from the top of the work tree to `root`: empty, or with a slash at its end."""
        inside = self.root.resolve().relative_to(self._top.resolve()).as_posix()
        return "" if inside == "." else f"{inside}/"

    def rev_parse(self, revision: str) -> str:
        """The id of the commit that `revision` names."""
        oid = self.find(revision)
        if oid is None:
            hint = FULL_HISTORY if self.is_shallow() else "is it fetched? try `git fetch origin`"
            raise UsageError(f"revision '{revision}' is not in this clone", hint)
        return oid

    def find(self, revision: str) -> str | None:
        """The id of the commit that `revision` names, or None."""
        if not _is_name(revision):
            return None
        if revision in self._commits:
            return revision
        result = self._run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        oid = result.stdout.decode("ascii", "replace").strip()
        if not result.ok or not _OID.match(oid):
            return None
        self._commits.add(oid)  # an object id names the same commit for ever
        return oid

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two revisions."""
        return self.departure(one, other).fork

    def departure(self, base: str, head: str = "HEAD") -> Departure:
        """The commits that the revisions name, and the best common ancestor of both."""
        ids = self._related(base, head) or self._related(self.rev_parse(base), self.rev_parse(head))
        if not ids:
            raise IncompleteError(f"git cannot compare '{base}' with '{head}'")
        if len(ids) == 2:
            hint = FULL_HISTORY if self.is_shallow() else "they have no history in common"
            raise UsageError(f"'{base}' and '{head}' have no common ancestor in this clone", hint)
        return Departure(*ids)

    def _related(self, base: str, head: str) -> tuple[str, ...]:
        """The ids of two commits and of their best common ancestor, if they have one; nothing when
        they cannot be asked for together. The same call tells whether the clone is whole."""
        if not (_is_name(base) and _is_name(head)):
            return ()
        words = ("--is-shallow-repository", f"{base}^{{commit}}...{head}^{{commit}}")
        result = self._run("rev-parse", *words)
        shallow, *ids = result.stdout.decode("ascii", "replace").split() or [""]
        ids = [oid.removeprefix("^") for oid in ids]
        if not result.ok or len(ids) < 2 or not all(_OID.match(oid) for oid in ids):
            return ()
        self._whole = shallow == "false"
        self._commits.update(ids)
        return (ids[1], ids[0], *ids[2:3])

    def is_shallow(self) -> bool:
        """Whether history is cut off in this clone."""
        if not self._whole:
            told = self._run("rev-parse", "--is-shallow-repository").stdout.strip()
            self._whole = told == b"false"
        return not self._whole

    def is_sparse(self) -> bool:
        """Whether files that git tracks are left out of the work tree."""
        words = ("config", "--type=bool", "--get", "core.sparseCheckout")
        return self._run(*words).stdout.strip() == b"true"

    def is_partial(self) -> bool:
        """Whether this clone may lack the content of files, which git fetches when it is needed."""
        words = ("config", "--type=bool", "--get-regexp", r"^remote\..*\.promisor$")
        return self._run(*words).stdout.strip().endswith(b"true")

    def branch(self) -> str:
        """The short name of the branch that is checked out; empty on a detached HEAD."""
        result = self._run("symbolic-ref", "--short", "--quiet", "HEAD")
        return result.stdout.decode("utf-8", "replace").strip() if result.ok else ""

    def default_branch(self) -> str | None:
        """The revision of the default branch, such as `origin/main`: what the remote says, else
        the first of the usual names that exists."""
        result = self._run("symbolic-ref", "--short", "--quiet", "refs/remotes/origin/HEAD")
        told = result.stdout.decode("utf-8", "replace").strip() if result.ok else ""
        usual = ("origin/main", "origin/master", "main", "master")
        return next((name for name in (told, *usual) if name and self.find(name)), None)

    def branches(self) -> tuple[str, ...]:
        """The short names of all branches, those of `origin` included, sorted, each once."""
        listed = self._output(
            "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes/origin"
        )
        names = set()
        for line in listed.decode("utf-8", "replace").splitlines():
            for start in ("refs/heads/", "refs/remotes/origin/"):
                if line.startswith(start):
                    names.add(line.removeprefix(start))
        return tuple(sorted(names - {"HEAD"}))

    def remote_url(self) -> str:
        """The address of `origin` without user and password; empty when there is none."""
        result = self._run("config", "--get", "remote.origin.url")
        url = result.stdout.decode("utf-8", "replace").strip() if result.ok else ""
        return _USER.sub("", url)

    def user_name(self) -> str:
        """The name of the person as git's configuration has it; empty when it has none."""
        result = self._run("config", "--get", "user.name")
        return result.stdout.decode("utf-8", "replace").strip() if result.ok else ""

    def tree(self, revision: str) -> tuple[Blob, ...]:
        """Every file, link and submodule of the revision."""
        oid = self.rev_parse(revision)
        if oid not in self._trees:
            listed = parse.read_tree(self._output("ls-tree", "-r", "-l", "-z", oid))
            while len(self._trees) >= _MOST_TREES:
                del self._trees[next(iter(self._trees))]
            self._trees[oid] = tuple(listed)
        return self._trees[oid]

    def entries_at(self, revision: str, paths: Collection[str]) -> tuple[Blob, ...]:
        """Those files, links and submodules of the revision that stand at one of `paths`: a part
        of `tree` that costs less when there are few."""
        oid = self.rev_parse(revision)
        told = oid in self._trees or len(paths) > _MOST_PATHS
        if told or any("\\" in path for path in paths):  # it may stand for a byte, see `shown`
            return tuple(blob for blob in self.tree(oid) if parse.shown(blob.path) in paths)
        if not paths:
            return ()
        words = ("--literal-pathspecs", "ls-tree", "-r", "-l", "-z", oid, "--", *sorted(paths))
        listed = parse.read_tree(self._output(*words))
        return tuple(blob for blob in listed if parse.shown(blob.path) in paths)

    def blobs(self, blobs: Iterable[Blob]) -> Iterator[tuple[str, bytes]]:
        """(object id, content) of each blob. Raises IncompleteError for one that is missing, as in
        a partial clone."""
        for batch in _batches(blobs):
            request = "".join(f"{oid}\n" for oid in batch).encode("ascii")
            for oid, content in parse.read_batch(
                self._output("cat-file", "--batch", stdin=request)
            ):
                if content is None:
                    message = f"object {oid} is not in this clone"
                    raise IncompleteError(message, "fetch it: partial clones leave files out")
                yield oid, content

    def files(self, *, untracked: bool = True) -> tuple[bytes, ...]:
        """The names of all tracked files, and of untracked ones that are not ignored, as raw
        bytes, as they are when this is first asked. A submodule or a nested repository is one
        name."""
        tracked, others = self._listed
        return tuple(sorted({*tracked, *others} if untracked else {*tracked}))

    @cached_property
    def _listed(self) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        """The names of the files that git tracks, and of those that it does not."""
        output = self._output("ls-files", "-t", "-c", "-o", "--exclude-standard", "-z")
        named = [(entry[:2], entry[2:].rstrip(b"/")) for entry in output.split(b"\0") if entry]
        return (
            tuple(name for tag, name in named if tag != b"? "),
            tuple(name for tag, name in named if tag == b"? "),
        )

    def ignores_root(self) -> bool:
        """Whether `root` itself lies in a directory that the repository around it ignores."""
        return self._run("check-ignore", "-q", ".").code == 0

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        """The paths that differ from `base` to `head`, sorted; a rename is a D and an A."""
        ids = (self.rev_parse(base), self.rev_parse(head))
        output = self._output("diff", "--name-status", "-z", "--no-renames", *DIFF, *ids, "--")
        return tuple(sorted(parse.read_changes(output), key=lambda change: change.path))

    def difference(self, base: str, head: str | None = None) -> Difference:
        """What differs from `base` to `head`, or to the work tree, in which files that git does
        not track yet are new."""
        ids = (self.rev_parse(base), *((self.rev_parse(head),) if head is not None else ()))
        found = parse.read_difference(self._output("diff", *DIFFERENCE, *DIFF, *ids, "--"))
        if head is not None:
            return found
        new = (FileChange(parse.shown(name), "A") for name in self._listed[1])
        changes = sorted((*found.changes, *new), key=lambda change: change.path)
        return replace(found, changes=tuple(changes))

    def committed(self, base: str, head: str) -> tuple[Committed, ...]:
        """What every commit in `base..head` added or changed, the newest first; an empty `base`
        means all of the history."""
        words = ("log", "--raw", "-c", "-z", "--no-abbrev", "-M", "--format=%x00%x00%H")
        ids = [self.rev_parse(head), *([f"^{self.rev_parse(base)}"] if base else [])]
        plain = ("--no-color", "--no-show-signature", "--relative")
        return tuple(parse.read_log(self._output(*words, *plain, *ids, "--")))

    def sizes(self, oids: Iterable[str]) -> dict[str, int]:
        """How many bytes each of the blobs has; one that is not in this clone is left out."""
        request = "".join(f"{oid}\n" for oid in oids).encode("ascii")
        rows = self._output("cat-file", "--batch-check", stdin=request).decode("ascii").splitlines()
        words = (row.split() for row in rows)
        return {word[0]: int(word[2]) for word in words if len(word) == 3 and word[1] == "blob"}

    def count_commits(self, base: str, head: str) -> int:
        """How many commits lie in `base..head`."""
        ids = (self.rev_parse(head), f"^{self.rev_parse(base)}")
        return int(self._output("rev-list", "--count", *ids, "--"))

    def subjects(self, base: str, head: str) -> tuple[tuple[str, str], ...]:
        """Id and subject of each commit in `base..head` that is no merge, the newest first."""
        ids = (self.rev_parse(head), f"^{self.rev_parse(base)}")
        plain = ("--no-merges", "--no-color", "--no-show-signature", "-z", "--format=%H %s")
        rows = self._output("log", *plain, *ids, "--").decode("utf-8", "replace").split("\0")
        words = (row.partition(" ") for row in rows if row)
        return tuple((commit, subject) for commit, _, subject in words)

    def line_behind(self, after: str, upto: str, most: int) -> tuple[str, ...]:
        """The commits on the first-parent line behind `after` up to and with `upto`, the oldest
        first, at most `most`."""
        span = f"{self.rev_parse(after)}..{self.rev_parse(upto)}"
        output = self._output("rev-list", "--first-parent", "--reverse", span)
        return tuple(output.decode("ascii").split()[: max(most, 0)])

    def has_cut_history(self, base: str, head: str) -> bool:
        """Whether a commit in `base..head` has lost its parents in a shallow clone."""
        if not self.is_shallow():
            return False
        ids = (self.rev_parse(head), f"^{self.rev_parse(base)}")
        return bool(self._output("rev-list", "--max-parents=0", *ids, "--").strip())

    def _output(self, *words: str, stdin: bytes = b"") -> bytes:
        outcome = self._run(*words, stdin=stdin)
        if words[0] == "diff":
            # it writes what it learnt about unchanged files into the index, optional locks or not
            give_back(self._top / ".git" / "index")
        return self._checked(outcome, words[0])

    def _run(self, *words: str, stdin: bytes = b"") -> Outcome:
        argv = (self._program, "--no-pager", *words)
        try:
            return run(argv, cwd=self.root, stdin=stdin, timeout=TIMEOUT, env=self._environment)
        except MissingProgramError as error:
            raise IncompleteError(str(error), "install git, or put it on PATH") from error

    def _checked(self, result: Outcome, command: str) -> bytes:
        if result.timed_out:
            raise IncompleteError(f"git {command} took longer than {TIMEOUT:.0f} s")
        if not result.ok:
            words = result.stderr.strip().splitlines()
            message = f"git {command} failed: {words[-1] if words else result.code}"
            lacks = any(word in result.stderr for word in ("promisor", "lazy fetch"))
            raise IncompleteError(message, WHOLE_CLONE if lacks else "")
        return result.stdout


def _is_name(revision: str) -> bool:
    """Whether git can be asked for the revision: an option is none."""
    return bool(revision) and not revision.startswith("-") and revision.isprintable()


def _top(directory: Path) -> Path | None:
    """The nearest directory that holds `.git`, from `directory` upwards."""
    absolute = directory.resolve()
    return next((d for d in (absolute, *absolute.parents) if (d / ".git").exists()), None)


def _batches(blobs: Iterable[Blob]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for blob in blobs:
        if batch and size + blob.size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(blob.oid)
        size += blob.size
    if batch:
        yield batch
