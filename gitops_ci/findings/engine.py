"""THE engine: raw findings and facts in, the Report out. Pure: no clock, no files, no environment.

raw → one per root → severity → suppressions → baseline → one per fault → existing → verdict
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.config.subjects import AppOf, Subject, Subjects
from gitops_ci.findings.baseline import Accepting, Baseline
from gitops_ci.findings.existing import Ranges, Standing, existing_among, standing_of
from gitops_ci.findings.fingerprint import Sources, fingerprint
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.findings.merge import (
    Case,
    Group,
    RootPlace,
    across_roots,
    collapse,
    place_of_root,
)
from gitops_ci.findings.notes import notes_on
from gitops_ci.findings.severity import Severities, Weight
from gitops_ci.findings.suppressing import Suppressing
from gitops_ci.findings.suppression import Suppression
from gitops_ci.findings.threshold import blocks, is_incomplete
from gitops_ci.model.finding import Finding
from gitops_ci.model.report import Checked, Judged, Report, Status
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip


def no_source(_path: str) -> None:
    """The Sources of a run that parsed nothing."""


def everything(_rule_id: str) -> bool:
    """For runs in which every rule ran."""
    return True


class Inputs(Struct, frozen=True):
    """All that the verdict depends on besides the findings.

    `now` has a time zone. `config`, `suppressions` and `baseline` are the trusted ones (on a pull
    request: those of the base revision); `unapproved` are the suppressions that the change adds and
    nobody approved.
    `standing` holds what stands at the merge base and is None outside of pull requests; `renames`
    leads from new to old paths; `changed` lists the changed lines of files. `complete` says that
    the whole repository was looked at, and `ran` which rules ran: only then can a suppression be
    called unused.
    """

    now: datetime
    config: Config = field(default_factory=Config)
    known: KnownRules = field(default_factory=KnownRules)
    suppressions: tuple[Suppression, ...] = ()
    unapproved: tuple[Suppression, ...] = ()
    baseline: Baseline = field(default_factory=Baseline)
    standing: Standing | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, Ranges] = field(default_factory=dict)
    skipped: tuple[Skip, ...] = ()
    checked: Checked = field(default_factory=Checked)
    remarks: tuple[str, ...] = ()
    sources: Sources = no_source
    root_place: RootPlace = place_of_root
    app_of: AppOf | None = None
    complete: bool = True
    ran: Callable[[str], bool] = everything


def judge(findings: Iterable[Finding], inputs: Inputs) -> Report:
    """The report on `findings`: shown ones sorted by place, existing and suppressed ones kept."""
    groups = _groups(findings, inputs)
    standing = inputs.standing or Standing()
    existing = existing_among(groups, standing, inputs.renames, inputs.changed)
    strict = inputs.config.report.fail_on_existing
    shown: list[Judged] = []
    apart: list[Judged] = []
    suppressed: list[Judged] = []
    blocking = False
    for index, group in enumerate(groups):
        judged = Judged(group.finding, group.fingerprint, index in existing, group.suppressed)
        if group.suppressed:
            suppressed.append(judged)
        elif index in existing and not strict:
            apart.append(judged)
        else:
            shown.append(judged)
            weighs = blocks(group.finding.severity, inputs.config.report.fail_on)
            blocking = blocking or (weighs and not group.observed)
    return Report(
        _status(inputs, blocking=blocking),
        _sorted(shown),
        _sorted(apart),
        _sorted(suppressed),
        tuple(sorted(inputs.skipped, key=lambda skip: (skip.path, skip.reason, skip.detail))),
        inputs.checked,
        inputs.remarks,
    )


def standing_at_base(findings: Iterable[Finding], inputs: Inputs) -> Standing:
    """What stands at the merge base: `findings` and `inputs` are those of the base revision."""
    return standing_of(_groups(findings, inputs))


def without(standing: Standing, findings: Iterable[Finding], inputs: Inputs) -> Standing:
    """What stands at the merge base but for the faults that `findings` are, which the change leaves
    alone where they are; `inputs` are those of the head."""
    left = {key: sorted(severities) for key, severities in standing.faults.items()}
    for finding in findings:
        path = finding.location.path
        key = (inputs.renames.get(path, path), fingerprint(finding, inputs.sources))
        if left.get(key):
            left[key].pop()
    return Standing({key: tuple(severities) for key, severities in left.items() if severities})


def cases_of(findings: Iterable[Finding], inputs: Inputs) -> list[Case]:
    """The findings root by root, with severity, fingerprint and suppression settled; what
    `baseline create` and `baseline prune` (with an empty baseline in `inputs`) work on."""
    return _cases(findings, inputs)[0]


def _groups(findings: Iterable[Finding], inputs: Inputs) -> list[Group]:
    cases, notes = _cases(findings, inputs)
    return across_roots([*cases, *notes], inputs.root_place)


def _cases(findings: Iterable[Finding], inputs: Inputs) -> tuple[list[Case], list[Case]]:
    """The cases of the findings, and those of the engine's own notes on the suppressions; nobody
    can suppress the latter."""
    today = inputs.now.astimezone(UTC).date()
    subjects = Subjects(inputs.config, inputs.app_of)
    severities = Severities(inputs.config, inputs.known)
    suppressing = Suppressing(inputs.suppressions, inputs.unapproved, inputs.config, today)
    accepting = Accepting(inputs.baseline, today)

    cases = []
    # what is accepted or merged must not depend on the order in which the checks ran
    for finding in collapse(sorted(findings, key=position)):
        subject = subjects.of(finding)
        case = _weighed(finding, severities.of(finding, subject), inputs.sources)
        cases.append(case if case.suppressed else _excused(case, subject, suppressing, accepting))
    asked = inputs.ran if inputs.complete else None
    notes = [
        _weighed(note, severities.of(note, subjects.of(note)), inputs.sources)
        for note in (*notes_on(suppressing, today, asked), *accepting.notes())
    ]
    return cases, notes


def _weighed(finding: Finding, weight: Weight, sources: Sources) -> Case:
    settled = replace(finding, severity=weight.severity)
    print_ = fingerprint(finding, sources)
    if weight.off:
        return Case(settled, print_, f"switched off by {weight.off}")
    return Case(_observed(settled) if weight.observed else settled, print_, "", weight.observed)


def _excused(case: Case, subject: Subject, suppressing: Suppressing, accepting: Accepting) -> Case:
    """The case with what suppresses it: somebody's decision, else the baseline."""
    reason, hint = suppressing.judge(case.finding, subject)
    reason = reason or accepting.accepts(case.finding.root, case.fingerprint)
    if hint:
        finding = replace(case.finding, hint=_joined(case.finding.hint, hint))
        return replace(case, finding=finding, suppressed=reason)
    return replace(case, suppressed=reason) if reason else case


def _observed(finding: Finding) -> Finding:
    """Observed findings are notes that say what they would be."""
    if finding.severity is Severity.NOTE:
        return finding
    words = f"only observed here, would be {_article(finding.severity.word)}"
    return replace(finding, severity=Severity.NOTE, hint=_joined(finding.hint, words))


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _joined(hint: str, more: str) -> str:
    return f"{hint}; {more}" if hint and more else hint or more


def _status(inputs: Inputs, *, blocking: bool) -> Status:
    if is_incomplete(inputs.skipped, inputs.config.validate):
        return Status.INCOMPLETE
    return Status.FAIL if blocking else Status.PASS


def _sorted(judged: list[Judged]) -> tuple[Judged, ...]:
    return tuple(sorted(judged, key=lambda item: (position(item.finding), item.fingerprint)))


def position(finding: Finding) -> tuple[str, int, int, str, str, str, str]:
    """The order of findings: by place, then by what is said and where it was seen."""
    place, span = finding.location, finding.location.span
    return (
        place.path,
        place.line,
        span.column if span else 0,
        finding.rule.id,
        finding.message,
        finding.root,
        str(finding.object or ""),
    )
