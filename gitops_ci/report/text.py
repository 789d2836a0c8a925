"""The report for people: what is wrong, shown on the line that somebody has to change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from gitops_ci.model.report import Judged, Report, Status
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import SkipClass
from gitops_ci.output.neutral import neutralise
from gitops_ci.output.terminal import visible
from gitops_ci.report.excerpt import Excerpts
from gitops_ci.report.plural import plural
from gitops_ci.report.port import ReportContext
from gitops_ci.report.words import (
    by_reason,
    counted,
    related_places,
    severest,
    subject,
    verdict,
)

MOST_EXCERPTS = 50
MOST_FINDINGS = 500
MOST_ALIKE = 3
MOST_RELATED = 3
MOST_EXISTING = 20
MOST_PATHS = 10

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def render(report: Report, context: ReportContext) -> str:
    """Notes in a line each, the findings by file with excerpts, then what was left out, then the
    verdict in one line: what matters most stands nearest to the end. No line is a command to a
    runner, wherever the text is printed later."""
    view = _View(context)
    heavy = tuple(item for item in report.shown if _is_heavy(item, context))
    light = [item for item in report.shown if not _is_heavy(item, context)]
    blocks = [*view.notes(light), *view.existing(report.existing), *view.files(heavy)]
    closing = [*view.skipped(report), *(visible(remark) for remark in report.remarks)]
    if closing:
        blocks.append("\n".join(closing))
    blocks.append(_verdict(report, context))
    return neutralise("\n\n".join(blocks) + "\n")


class _View:
    def __init__(self, context: ReportContext) -> None:
        self._paint = context.palette.paint
        self._excerpts = Excerpts(context.source, context.columns - 12)
        self._quoted: set[int] = set()

    def files(self, shown: tuple[Judged, ...]) -> Iterator[str]:
        """One block for each file; long runs of the same complaint are folded."""
        kept, left = severest(shown, MOST_FINDINGS)
        self._quoted = {id(judged) for judged in severest(kept, MOST_EXCERPTS)[0]}
        for path, group in groupby(kept, key=lambda judged: judged.finding.location.path):
            yield "\n".join([self._paint(visible(path), "bold"), *self._file(group)])
        if left:
            yield f"… and {counted(left)} more; `--format json` has them all"

    def _file(self, items: Iterable[Judged]) -> Iterator[str]:
        seen: Counter[tuple[str, str]] = Counter()
        folded: dict[tuple[str, str], list[str]] = {}
        for judged in items:
            alike = (judged.finding.rule.id, judged.finding.message)
            seen[alike] += 1
            if seen[alike] > MOST_ALIKE:
                folded.setdefault(alike, []).append(str(judged.finding.location.line))
                continue
            yield from self._finding(judged)
        for (rule, message), lines in folded.items():
            text = f"  … {len(lines)} more in line {_listed(lines)}: {_first(message)}  {rule}"
            yield self._paint(visible(text), "dim")

    def _finding(self, judged: Judged) -> Iterator[str]:
        finding = judged.finding
        span = finding.location.span
        place = f"{span.line}:{span.column}  " if span else ""
        first, *more = finding.message.splitlines() or [finding.rule.summary]
        word = self._paint(finding.severity.word, _STYLES[finding.severity])
        rule = self._paint(finding.rule.id, "dim")
        yield f"  {place}{word}  {visible(first)}  {rule}"
        yield from (f"      {visible(line)}" for line in more)
        yield from self._excerpt(judged)
        for note in _notes(judged):
            yield f"      {self._paint('=', 'cyan')} {visible(note)}"

    def _excerpt(self, judged: Judged) -> Iterator[str]:
        excerpt = self._excerpts.of(judged.finding) if id(judged) in self._quoted else None
        if excerpt is None:
            return
        bar = self._paint("│", "cyan")
        for number, line in excerpt.lines:
            yield f"    {number:>5} {bar} {line}".rstrip()
        marks = self._paint("^" * excerpt.length, _STYLES[judged.finding.severity])
        yield f"          {bar} {' ' * excerpt.indent}{marks}"

    def notes(self, notes: Iterable[Judged]) -> Iterator[str]:
        """Advice, one line each; many of one rule are folded."""
        lines = []
        by_rule: dict[str, list[Judged]] = {}
        for judged in notes:
            by_rule.setdefault(judged.finding.rule.id, []).append(judged)
        for rule, group in sorted(by_rule.items()):
            shown = group[:MOST_ALIKE]
            lines += [f"  {_note(judged)}  {self._paint(rule, 'dim')}" for judged in shown]
            if len(group) > len(shown):
                lines.append(
                    self._paint(f"  … and {len(group) - len(shown)} more of {rule}", "dim")
                )
        if lines:
            yield "\n".join([self._paint("notes", "bold"), *lines])

    def existing(self, existing: tuple[Judged, ...]) -> Iterator[str]:
        """What stands at the merge base too, one line each."""
        if not existing:
            return
        lines = [f"already there, not blocking: {counted(existing)}"]
        for judged in existing[:MOST_EXISTING]:
            finding = judged.finding
            place = f"{finding.location.path}:{finding.location.line}"
            lines.append(f"  {place}: {finding.severity.word}: {_first(finding.message)}")
        if len(existing) > MOST_EXISTING:
            lines.append(f"  … and {len(existing) - MOST_EXISTING} more")
        yield "\n".join(self._paint(visible(line), "dim") for line in lines)

    def skipped(self, report: Report) -> Iterator[str]:
        """One line for each class of reasons; what makes the run incomplete is named."""
        skipped = report.skipped
        accepted = report.status is not Status.INCOMPLETE
        for klass, reasons in by_reason(skipped).items():
            detail = ", ".join(f"{reason} {count}" for reason, count in reasons.items())
            incomplete = klass is SkipClass.INCOMPLETE
            words = _ACCEPTED if incomplete and accepted else _CLASS_WORDS[klass]
            line = f"{words}: {plural(reasons.total(), 'path')} ({detail})"
            yield self._paint(line, "red" if incomplete and not accepted else "dim")
            if klass is not SkipClass.INCOMPLETE:
                continue
            paths = [skip for skip in skipped if skip.klass is klass]
            for skip in paths[:MOST_PATHS]:
                why = f": {skip.detail}" if skip.detail else ""
                yield visible(f"  {skip.path or '.'}: {skip.reason}{why}")
            if len(paths) > MOST_PATHS:
                yield f"  … and {len(paths) - MOST_PATHS} more"


_ACCEPTED = "not checked, which the configuration accepts"
_CLASS_WORDS = {
    SkipClass.SKIPPED: "skipped",
    SkipClass.EXTERNAL: "outside this repository",
    SkipClass.INCOMPLETE: "not checked",
}


def _is_heavy(judged: Judged, context: ReportContext) -> bool:
    """Whether the finding deserves its excerpt: it weighs more than a note, or blocks."""
    return judged.finding.severity > Severity.NOTE or context.blocks(judged)


def _note(judged: Judged) -> str:
    finding = judged.finding
    place = f"{finding.location.path}:{finding.location.line}"
    return visible(f"{place}: {_first(finding.message)}")


def _notes(judged: Judged) -> Iterator[str]:
    finding = judged.finding
    if finding.hint:
        yield finding.hint
    elif finding.fix:
        yield f"fix: {finding.fix.title}"
    about = subject(judged)
    if about:
        yield about
    for message, places, more in related_places(finding, MOST_RELATED):
        rest = f" and {more} more" if more else ""
        yield f"{message}: {', '.join(places)}{rest}"


def _first(message: str) -> str:
    return message.partition("\n")[0]


def _listed(places: list[str]) -> str:
    shown = ", ".join(places[:MOST_PATHS])
    return shown + (", …" if len(places) > MOST_PATHS else "")


def _verdict(report: Report, context: ReportContext) -> str:
    style = "green" if report.status is Status.PASS else "red"
    return context.palette.paint(str(verdict(report, context)), style)
