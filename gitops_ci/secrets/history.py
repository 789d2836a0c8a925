"""Secrets that commits brought and that the final tree does not show any more: whoever fetched the
branch has them. Squashing or force-pushing does not take them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.read import read
from gitops_ci.git.parse import Blob, Committed
from gitops_ci.git.repository import FULL_HISTORY, Git
from gitops_ci.model.errors import IncompleteError
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from gitops_ci.repo.files import Files
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.names import is_json, is_kustomization, is_yaml
from gitops_ci.repo.tree import Tree, UnreadableError
from gitops_ci.secrets import rules
from gitops_ci.secrets.generators import Taken
from gitops_ci.secrets.identities import Identity, Known, identities, identity
from gitops_ci.secrets.scan import MAX_BYTES, ScanCounts, ScanRequest, ScanResult, scan
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.sops.check import rule_in
from gitops_ci.secrets.sops.ciphertext import MARK
from gitops_ci.secrets.sops.creation_rules import CreationRule
from gitops_ci.secrets.surroundings import Surroundings, surroundings_of
from gitops_ci.secrets.taken import taken_by_generators

_BATCH = 16 * 2**20
_NOTHING = SecretText("")
_WHOLE_FILES = frozenset({rules.SOPS_NOT_ENCRYPTED, rules.UNENCRYPTED_FILE})
_SHORT = 8
_HINT = (
    "rotate it, at its source: squashing or force-pushing does not remove it from the copies that "
    "exist"
)


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
    known = identities(final.values)
    brought = git.committed(base, head)
    was = {item.path: item.was for item in reversed(brought) if item.was}
    gone = _first_of_each(_absent(git, head, brought))
    old = GitTree(git, base) if base else None
    request = replace(request, around=_around(git, gone, request) if gone else None)
    findings: list[Finding] = []
    skipped: list[Skip] = []
    count = size = 0
    for item, data in _contents(git, gone, skipped):
        count, size = count + 1, size + len(data)
        own = _with_sealed(request, item.path, data, old)
        fresh = [pair for pair in _leaked(own, item.path, data) if pair[0] not in known]
        before = _before(own, item.path, was, old) if fresh else frozenset()
        for secret, finding in fresh:
            if secret not in before and secret not in known:
                known |= {secret}
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


def _around(git: Git, gone: Iterable[Committed], request: ScanRequest) -> Surroundings:
    """What the final files say about those of the commits, and what generators said that are gone
    as well."""
    around = surroundings_of(request.files)
    taken: dict[str, Taken] = {}
    lost = [item for item in gone if is_kustomization(item.path)]
    for item, data in _contents(git, lost, []):
        taken.update(taken_by_generators(Files(MemoryTree({item.path: data}))))
    return replace(around, taken={**taken, **around.taken})


def _with_sealed(request: ScanRequest, path: str, data: bytes, old: GitTree | None) -> ScanRequest:
    """The request that also knows how SOPS encrypts the file in the end, or at the base when it is
    gone in the end; `data` is what it holds in between."""
    tree = request.files.tree if request.files.tree.entry(path) is not None else old
    if request.around is None or tree is None or MARK.encode() in data:
        return request
    rule = _rule_of(tree, path)
    if rule is None:
        return request
    return replace(request, around=replace(request.around, sealed={path: rule}))


def _rule_of(tree: Tree, path: str) -> CreationRule | None:
    entry = tree.entry(path)
    if entry is None or entry.size > MAX_BYTES or not (is_yaml(path) or is_json(path)):
        return None
    try:
        data = tree.read(path)
    except UnreadableError:
        return None
    return rule_in(read(path, data)) if MARK.encode() in data else None


def _leaked(request: ScanRequest, path: str, data: bytes) -> list[tuple[Identity, Finding]]:
    """The secrets of one content, and whether all of it is one. What is wrong with its encryption
    in another way gave nothing away."""
    result = _scanned(request, path, data)
    pairs = [(identity(f, value), f) for f, value in result.values if value != _NOTHING]
    whole = [finding for finding in result.findings if finding.rule in _WHOLE_FILES]
    return [*pairs, *((_of_file(finding), finding) for finding in whole)]


def _of_file(finding: Finding) -> Identity:
    return (f"{finding.rule.id} {finding.location.path}", _NOTHING)


def _before(request: ScanRequest, path: str, was: Mapping[str, str], old: GitTree | None) -> Known:
    """What the base shows in the file, under the name that it had there."""
    seen: set[str] = set()
    while old is not None and old.entry(path) is None and path in was and path not in seen:
        seen.add(path)
        path = was[path]
    if old is None or old.entry(path) is None:
        return frozenset()
    try:
        return frozenset(secret for secret, _ in _leaked(request, path, old.read(path)))
    except UnreadableError:
        return frozenset()


def _scanned(request: ScanRequest, path: str, data: bytes) -> ScanResult:
    files = Files(MemoryTree({path: data}))
    return scan(replace(request, files=files, paths=None, lines=None, committed=None))


def _of_commit(finding: Finding, item: Committed) -> Finding:
    commit = item.commit[:_SHORT]
    message = f"{finding.message} in commit {commit}, and is gone from the files since"
    if finding.rule in _WHOLE_FILES:
        message = f"in commit {commit} {finding.message}"
    return replace(finding, message=message, location=Location(item.path), hint=_HINT)
