"""Sentences that several formats share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from gitops_ci.model.finding import Finding, Related
from gitops_ci.model.report import Judged, Report, Status
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip, SkipClass
from gitops_ci.report.plural import plural
from gitops_ci.report.port import ReportContext

WEIGHTS = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


class Verdict(Struct, frozen=True):
    """The outcome in one line: `sign headline · scope — consequence`."""

    sign: str
    headline: str
    scope: str
    consequence: str

    def __str__(self) -> str:
        text = " · ".join(part for part in (self.headline, self.scope) if part)
        return f"{self.sign} {text}" + (f" — {self.consequence}" if self.consequence else "")


def verdict(report: Report, context: ReportContext) -> Verdict:
    """The verdict on `report` in words."""
    incomplete = [skip for skip in report.skipped if skip.klass is SkipClass.INCOMPLETE]
    found = counted(report.shown)
    files = len({judged.finding.location.path for judged in report.shown})
    headline = f"{found} in {plural(files, 'file')}" if found else "no findings"
    if report.existing:
        headline += f", {len(report.existing)} already there"
    if report.suppressed:
        headline += f", {len(report.suppressed)} suppressed"
    if report.status is Status.INCOMPLETE:
        what = f"incomplete: {plural(len(incomplete), 'path')} could not be checked"
        return Verdict("✗", f"{what} · {headline}", scope(report, context), "merge blocked")
    if report.status is Status.FAIL:
        return Verdict("✗", headline, scope(report, context), "merge blocked")
    return Verdict("✓", headline, scope(report, context), "")


def scope(report: Report, context: ReportContext) -> str:
    """How much was checked, and in what time."""
    checked = report.checked
    if not checked.files and not checked.objects:
        return "nothing to check was found" if report.status is Status.PASS else ""
    what = f"{plural(checked.files, 'file')} checked"
    if checked.roots or checked.objects:
        what = f"{plural(checked.roots, 'root')}, {plural(checked.objects, 'object')} checked"
    return what if context.seconds is None else f"{what} in {duration(context.seconds)}"


def counted(items: Iterable[Judged]) -> str:
    """`3 errors, 1 warning`, the most severe first; empty for nothing."""
    counts = Counter(judged.finding.severity for judged in items)
    return ", ".join(plural(counts[weight], weight.word) for weight in WEIGHTS if counts[weight])


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 5 s`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def by_reason(skipped: Iterable[Skip]) -> dict[SkipClass, Counter[str]]:
    """How many paths were skipped, for each class and reason, the most frequent reason first."""
    table: dict[SkipClass, Counter[str]] = {}
    for skip in skipped:
        table.setdefault(skip.klass, Counter())[skip.reason] += 1
    return {
        klass: Counter(dict(table[klass].most_common())) for klass in SkipClass if klass in table
    }


def related_places(finding: Finding, most: int) -> Iterator[tuple[str, list[str], int]]:
    """For each message among the related places: the message, the first `most` places, and how
    many more there are."""
    places: dict[str, list[str]] = {}
    for item in finding.related:
        message, place = _message_and_place(item)
        places.setdefault(message, []).append(place)
    for message, known in list(places.items())[:most]:
        yield message, known[:most], max(len(known) - most, 0)
    if len(places) > most:
        left = list(places)[most:]
        yield f"and {len(left)} more such as", [left[0]], len(left) - 1


def _message_and_place(item: Related) -> tuple[str, str]:
    """What a related place says, and the place. A message that ends with the name of an object in
    that file names the place itself."""
    location = item.location
    words, _, name = item.message.rpartition(" ")
    if words and name.startswith(f"{location.path}#"):
        return words, name
    return item.message, f"{location.path}:{location.line}" if location.span else location.path


def severest(items: Sequence[Judged], most: int) -> tuple[list[Judged], list[Judged]]:
    """At most `most` findings, the least severe and last left out; and those left out. Both keep
    the order they came in."""
    if len(items) <= most:
        return list(items), []
    ranked = sorted(range(len(items)), key=lambda index: -items[index].finding.severity)
    chosen = set(ranked[:most])
    kept = [items[index] for index in sorted(chosen)]
    return kept, [items[index] for index in sorted(ranked[most:])]


def subject(judged: Judged) -> str:
    """Which object a finding is about and which root showed it; empty when neither is known."""
    finding = judged.finding
    parts = [str(finding.object)] if finding.object and finding.object.kind else []
    if finding.root and finding.root not in (finding.location.path, "."):
        parts.append(f"rendered by {finding.root}")
    text = ", ".join(parts)
    return f"{text} ({finding.environment})" if finding.environment and text else text
