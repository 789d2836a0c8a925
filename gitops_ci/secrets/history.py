"""Secrets that commits brought and that the final tree does not show any more: whoever fetched the
branch has them. Squashing or force-pushing does not take them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.git.parse import Blob, Committed
from gitops_ci.git.repository import FULL_HISTORY, Git
from gitops_ci.model.errors import IncompleteError
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from gitops_ci.repo.files import Files
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.tree import UnreadableError
from gitops_ci.secrets.prints import is_by_place
from gitops_ci.secrets.scan import MAX_BYTES, ScanCounts, ScanRequest, ScanResult, scan
from gitops_ci.secrets.secret_text import SecretText

_BATCH = 16 * 2**20
_SHORT = 8
_HINT = (
    "rotate it, at its source: squashing or force-pushing does not remove it from the copies that "
    "exist"
)

_Identity = tuple[str, SecretText]
_Known = frozenset[_Identity]


class Commits(Struct, frozen=True):
    """The commits in `base..head`; an empty `base` means all of the history. With `needed` it is
    an error when there are none: a gate that looked at nothing is not open."""

    base: str
    head: str = "HEAD"
    needed: bool = True


def scan_commits(git: Git, commits: Commits, request: ScanRequest, final: ScanResult) -> ScanResult:
    """What the commits brought and neither their base nor `final`, the result of scanning the tree
    that they lead to, shows.

    Raises IncompleteError when the history is cut off, or when there is not one commit to search:
    nobody could tell that from a clean result.
    """
    _require(git, commits)
    base, head = commits.base, git.rev_parse(commits.head)
    known = _identities(final)
    brought = git.committed(base, head)
    was = {item.path: item.was for item in reversed(brought) if item.was}
    gone = _first_of_each(_absent(git, head, brought))
    old = GitTree(git, base) if base else None
    findings: list[Finding] = []
    skipped: list[Skip] = []
    count = size = 0
    for item, data in _contents(git, gone, skipped):
        count, size = count + 1, size + len(data)
        fresh = _fresh(request, item.path, data, known)
        before = _before(request, item.path, was, old) if fresh else frozenset()
        for identity, finding in fresh:
            if identity not in before and identity not in known:
                known |= {identity}
                findings.append(_of_commit(finding, item))
    return ScanResult(tuple(findings), tuple(skipped), (), ScanCounts(count, size))


def _require(git: Git, commits: Commits) -> None:
    base, head = commits.base, commits.head
    cut = git.has_cut_history(base, head) if base else git.is_shallow()
    if cut:
        message = "some of the commits to search for secrets are not in this clone"
        raise IncompleteError(message, FULL_HISTORY)
    if base and commits.needed and not git.count_commits(base, head):
        raise IncompleteError("there is no commit to search for secrets", FULL_HISTORY)


def _absent(git: Git, head: str, items: Sequence[Committed]) -> list[Committed]:
    """Those whose content no file of `head` has. Most stand where they were committed, so that not
    all of `head` has to be listed."""
    standing = {blob.oid for blob in git.entries_at(head, {item.path for item in items})}
    left = [item for item in items if item.oid not in standing]
    present = {blob.oid for blob in git.tree(head)} if left else frozenset()
    return [item for item in left if item.oid not in present]


def _first_of_each(items: Iterable[Committed]) -> list[Committed]:
    """The commits come the newest first; each content is told by the first commit that had it."""
    first = {(item.path, item.oid): item for item in items}
    return list(reversed(first.values()))


def _contents(
    git: Git, items: Iterable[Committed], skipped: list[Skip]
) -> Iterator[tuple[Committed, bytes]]:
    wanted = list(items)
    sizes = git.sizes({item.oid for item in wanted}) if wanted else {}
    blobs: dict[str, list[Committed]] = {}
    for item in wanted:
        if sizes.get(item.oid, MAX_BYTES + 1) > MAX_BYTES:
            detail = f"in commit {item.commit[:_SHORT]}: missing or too large to be searched"
            skipped.append(Skip(item.path, "too-large", detail))
        else:
            blobs.setdefault(item.oid, []).append(item)
    batch: list[Blob] = []
    for oid in blobs:
        batch.append(Blob(b"", 0, oid, sizes[oid]))
        if sum(blob.size for blob in batch) > _BATCH:
            yield from _read(git, batch, blobs)
            batch = []
    yield from _read(git, batch, blobs)


def _read(
    git: Git, batch: list[Blob], blobs: dict[str, list[Committed]]
) -> Iterator[tuple[Committed, bytes]]:
    for oid, data in git.blobs(batch):
        for item in blobs[oid]:
            yield item, data


def _fresh(
    request: ScanRequest, path: str, data: bytes, known: _Known
) -> list[tuple[_Identity, Finding]]:
    """The secrets of one content that are not known yet."""
    result = _scanned(request, path, data)
    pairs = [(_identity(finding, value), finding) for finding, value in result.values]
    return [pair for pair in pairs if pair[0] not in known]


def _before(request: ScanRequest, path: str, was: Mapping[str, str], old: GitTree | None) -> _Known:
    """What the base shows in the file, under the name that it had there."""
    seen: set[str] = set()
    while old is not None and old.entry(path) is None and path in was and path not in seen:
        seen.add(path)
        path = was[path]
    if old is None or old.entry(path) is None:
        return frozenset()
    try:
        return _identities(_scanned(request, path, old.read(path)))
    except UnreadableError:
        return frozenset()


def _scanned(request: ScanRequest, path: str, data: bytes) -> ScanResult:
    files = Files(MemoryTree({path: data}))
    return scan(replace(request, files=files, paths=None, lines=None, committed=None))


def _identities(result: ScanResult) -> _Known:
    return frozenset(_identity(finding, value) for finding, value in result.values)


def _identity(finding: Finding, value: SecretText) -> _Identity:
    """What tells whether two findings are about the same secret: its value, wherever it stands. Of
    values that anybody may choose twice also what they are called."""
    if not is_by_place(finding.key):
        return ("", value)
    names = [step for step in finding.location.route if isinstance(step, str)]
    return (f"{finding.rule.id} {finding.key} {names[-1:]}", value)


def _of_commit(finding: Finding, item: Committed) -> Finding:
    commit = item.commit[:_SHORT]
    message = f"{finding.message} in commit {commit}, and is gone from the files since"
    return replace(finding, message=message, location=Location(item.path), hint=_HINT)
