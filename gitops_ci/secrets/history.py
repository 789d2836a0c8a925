"""Secrets that commits brought and that the final tree does not show any more: whoever fetched the
branch has them. Squashing or force-pushing does not take them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

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

_BATCH = 16 * 2**20
_SHORT = 8
_HINT = (
    "replace the secret at its source: squashing or force-pushing does not remove it from the "
    "copies that exist"
)

_Known = frozenset[tuple[str, ...]]


def scan_commits(
    git: Git, base: str, head: str, request: ScanRequest, final: ScanResult
) -> ScanResult:
    """What the commits in `base..head` brought and neither `base` nor `final`, the result of
    scanning the tree of `head`, shows. An empty `base` means all of the history.

    Raises IncompleteError when the history is cut off, or when there is not one commit to search:
    nobody could tell that from a clean result.
    """
    if base and git.rev_parse(base) == git.rev_parse(head):
        return ScanResult()
    if base and git.has_cut_history(base, head):
        message = "some of the commits to search for secrets are not in this clone"
        raise IncompleteError(message, FULL_HISTORY)
    if base and not git.count_commits(base, head):
        raise IncompleteError("there is no commit to search for secrets", FULL_HISTORY)
    known = _identities(final.findings)
    present = {blob.oid for blob in git.tree(head)}
    gone = _first_of_each(item for item in git.committed(base, head) if item.oid not in present)
    old = GitTree(git, base) if base else None
    findings: list[Finding] = []
    skipped: list[Skip] = []
    count = size = 0
    for item, data in _contents(git, gone, skipped):
        count, size = count + 1, size + len(data)
        for finding in _findings(request, item.path, data, old, known):
            known |= _identities([finding])
            findings.append(_of_commit(finding, item))
    return ScanResult(tuple(findings), tuple(skipped), (), ScanCounts(count, size))


def scan_staged(git: Git, request: ScanRequest) -> ScanResult:
    """What the next commit would bring: secrets in the index that the last commit has not."""
    skipped: list[Skip] = []
    staged = dict(_contents(git, git.staged(), skipped))
    files = {item.path: data for item, data in staged.items()}
    old = GitTree(git, "HEAD") if git.find("HEAD") else None
    result = scan(replace(request, files=Files(MemoryTree(files)), paths=None, lines=None))
    known: _Known = frozenset()
    for path in {finding.location.path for finding in result.findings}:
        known |= _identities(_before(request, path, old))
    fresh = tuple(f for f in result.findings if _identity(f) not in known)
    return replace(result, findings=fresh, skipped=(*result.skipped, *skipped))


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


def _findings(
    request: ScanRequest, path: str, data: bytes, old: GitTree | None, known: _Known
) -> list[Finding]:
    """The findings of one content that are not known and did not stand at the base either."""
    found = _scanned(request, path, data)
    fresh = [finding for finding in found if _identity(finding) not in known]
    before = _identities(_before(request, path, old)) if fresh else frozenset()
    return [finding for finding in fresh if _identity(finding) not in before]


def _before(request: ScanRequest, path: str, old: GitTree | None) -> tuple[Finding, ...]:
    if old is None or old.entry(path) is None:
        return ()
    try:
        return _scanned(request, path, old.read(path))
    except UnreadableError:
        return ()


def _scanned(request: ScanRequest, path: str, data: bytes) -> tuple[Finding, ...]:
    files = Files(MemoryTree({path: data}))
    return scan(replace(request, files=files, paths=None, lines=None)).findings


def _identities(findings: Iterable[Finding]) -> _Known:
    return frozenset(_identity(finding) for finding in findings)


def _identity(finding: Finding) -> tuple[str, ...]:
    """What tells whether two findings are about the same secret: its print, wherever it stands, or
    its place."""
    if not is_by_place(finding.key):
        return (finding.key.rpartition("#")[2],)
    route = [str(step) for step in finding.location.route]
    return (finding.rule.id, finding.key, finding.location.path, *route)


def _of_commit(finding: Finding, item: Committed) -> Finding:
    commit = item.commit[:_SHORT]
    message = f"{finding.message} in commit {commit}, and is gone from the files since"
    return replace(finding, message=message, location=Location(item.path), hint=_HINT)
