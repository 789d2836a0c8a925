"""The search for secrets in one state of the repository: its files, its commits, its Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field

from gitops_ci.findings.existing import Ranges
from gitops_ci.findings.inline import ignores_in
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.findings.suppression import Collected, Suppression
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip, SkipClass
from gitops_ci.repo.files import Files
from gitops_ci.secrets.bandit import PythonResult, examine_python
from gitops_ci.secrets.history import scan_commits
from gitops_ci.secrets.identities import Known, identities, replaced
from gitops_ci.secrets.scan import ScanCounts, ScanRequest, ScanResult, scan
from gitops_ci.steps.reading import reader
from gitops_ci.steps.secret_means import SecretMeans


class Searched(Struct, frozen=True):
    """What was found, what was left out, what excuses findings, how much was searched, and what
    the report has to mention; `unchanged` is what stands on lines that do not count, `known` are
    the identities of all secrets in the files."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skip, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    counts: ScanCounts = field(default_factory=ScanCounts)
    remarks: tuple[str, ...] = ()
    unchanged: tuple[Finding, ...] = ()
    known: Known = frozenset()


def scan_secrets(
    files: Files,
    means: SecretMeans,
    paths: frozenset[str] | None,
    lines: Mapping[str, Ranges] | None,
    ignored: tuple[str, ...],
    commented: Files | None = None,
) -> Searched:
    """Search `files` (those in `paths`; of them the `lines`; None for all; not the `ignored` globs)
    and the commits of `means`. Somebody else reads the comments of what is parsed in `commented`.
    Raises IncompleteError when commits are missing."""
    request = ScanRequest(
        files,
        paths=paths,
        lines=lines,
        ignored=ignored,
        salt=means.salt,
        hide=means.hide,
        library=means.library,
        committed=means.committed,
        legacy=means.legacy,
    )
    tree = scan(request)
    past = ScanResult()
    if means.commits is not None and means.git is not None:
        past = scan_commits(means.git, means.commits, request, tree)
    python = examine_python(files.tree, paths, ignored=ignored)
    gone = replaced(tree.values, means.now) if means.now is not None else []
    gone_ids = frozenset(map(id, gone))  # another place may hold an equal finding
    left = [finding for finding in tree.findings if id(finding) not in gone_ids]
    findings = (*left, *past.findings, *python.findings)
    places = {*tree.marked, *(finding.location.path for finding in findings)}
    comments = _comments(files, places, commented, means.known)
    return Searched(
        (*findings, *comments.findings),
        (*tree.skipped, *past.skipped, *python.skipped),
        (*tree.suppressions, *python.suppressions, *comments.suppressions),
        ScanCounts(tree.counts.files + past.counts.files, tree.counts.bytes + past.counts.bytes),
        _remarks(python),
        tuple(finding for finding, _ in tree.unchanged),
        identities((*tree.values, *tree.unchanged)),
    )


def hide_secrets(files: Files, paths: frozenset[str], hide: Callable[[str], None]) -> None:
    """Tell `hide` each secret that the files in `paths` hold."""
    scan(ScanRequest(files, paths=paths, hide=hide))


def _remarks(python: PythonResult) -> tuple[str, ...]:
    if not python.unexamined:
        return ()
    number = python.unexamined
    what = "1 Python file was" if number == 1 else f"{number} Python files were"
    return (f"{what} not examined: bandit is missing (`pip install gitops-ci[secrets]`)",)


def _comments(
    files: Files, paths: Iterable[str], commented: Files | None, known: KnownRules
) -> Collected:
    """The ignore comments in the files."""
    elsewhere = {source.path for source in commented.known()} if commented else set()
    read = reader(files.tree)
    wanted = sorted(set(paths) - elsewhere)
    parts = [ignores_in(path, read(path) or b"", known) for path in wanted]
    return Collected(
        tuple(one for part in parts for one in part.suppressions),
        tuple(one for part in parts for one in part.findings),
    )


def unsaid(skips: tuple[Skip, ...], said: tuple[Skip, ...]) -> tuple[Skip, ...]:
    """The scan's skips that tell something new: each file is left out once, for the reason that
    weighs more."""
    known = {skip.path for skip in said}
    incomplete = {skip.path for skip in said if skip.klass is SkipClass.INCOMPLETE}
    return tuple(
        skip
        for skip in skips
        if skip.path not in known
        or (skip.klass is SkipClass.INCOMPLETE and skip.path not in incomplete)
    )
