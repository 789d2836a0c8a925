"""A difference for a comment or a step summary, collapsed, within a size limit."""

from __future__ import annotations

from gitops_ci.diff.model import Difference, EnvironmentChange, Kind, ObjectChange
from gitops_ci.model.regex import regex
from gitops_ci.output.budget import Section, fit
from gitops_ci.output.github_files import NOTICE, SUMMARY_BUDGET
from gitops_ci.output.markdown_text import code, prose
from gitops_ci.report.diff.lines import SIGNS, diff_lines, place, roots, summary, title

_TICKS = regex("`{3,}")
_MOST_UNSEEN = 20


def render(difference: Difference, budget: int = SUMMARY_BUDGET) -> str:
    """The whole difference in at most `budget` bytes: whole objects are left out, those of
    unprotected environments first."""
    return fit(sections(difference), budget, NOTICE)


def sections(difference: Difference) -> list[Section]:
    """The parts, each with its weight, for a document that holds others too."""
    parts = [Section(_head(difference), weight=100)]
    if difference.unseen:
        parts.append(Section(_unseen(difference), weight=90))
    for environment in difference.environments:
        weight = 30 if environment.protected else 20
        parts.append(Section(_title(environment), weight + 5))
        parts += [
            Section(_object(change), weight)
            for change in environment.objects
            if not change.is_noise
        ]
    return parts


def _head(difference: Difference) -> str:
    compared = f"{code(difference.before)} → {code(difference.after)}"
    if difference.is_empty:
        return f"## Rendered difference\n\n{compared}: no rendered object differs."
    rows = [
        f"| {_name(item)} | {item.count(Kind.CHANGED)} | {item.count(Kind.ADDED)}"
        f" | {item.count(Kind.REMOVED)} | {item.noise} |"
        for item in difference.environments
    ]
    head = "| environment | changed | added | removed | only noise |\n|---|---:|---:|---:|---:|"
    return "\n".join([f"## Rendered difference\n\n{compared}\n", head, *rows])


def _name(environment: EnvironmentChange) -> str:
    guarded = " 🔒" if environment.protected else ""
    return (prose(environment.name) if environment.name else "none") + guarded


def _title(environment: EnvironmentChange) -> str:
    return f"### {_name(environment)}: {summary(environment)}"


def _object(change: ObjectChange) -> str:
    lines = list(diff_lines(change))
    fence = "`" * (max((len(run) for line in lines for run in _TICKS.findall(line)), default=2) + 1)
    where = f", {code(place(change.source))}" if change.source else ""
    head = f"{SIGNS[change.kind]} <b>{prose(title(change))}</b> in {code(roots(change))}{where}"
    return "\n".join(
        [
            f"<details><summary>{head}</summary>",
            "",
            f"{fence}diff",
            *lines,
            fence,
            "",
            "</details>",
        ]
    )


def _unseen(difference: Difference) -> str:
    rows = [
        f"| {code(item.path)} | {prose(item.reason)} |" for item in difference.unseen[:_MOST_UNSEEN]
    ]
    left = len(difference.unseen) - _MOST_UNSEEN
    more = [f"\n… and {left} more"] if left > 0 else []
    return "\n".join(["### Not compared", "", "| path | reason |", "|---|---|", *rows, *more])
