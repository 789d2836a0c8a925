"""The findings as annotations of GitHub's runner.

The runner keeps ten of each level for a step and drops the rest without a word (actions/runner,
ExecutionContext.cs), so nine are sent and the last one says how many more there are.
"""

from __future__ import annotations

from gitops_ci.model.report import Judged, Report
from gitops_ci.model.severity import Severity
from gitops_ci.output.commands import Command, Name, annotation
from gitops_ci.output.terminal import visible
from gitops_ci.report.words import subject

MOST = 9
_NAMES = {Severity.ERROR: Name.ERROR, Severity.WARNING: Name.WARNING, Severity.NOTE: Name.NOTICE}


def annotations_of(report: Report) -> tuple[Command, ...]:
    """At most nine commands for each level, errors first. Findings that were there before the
    change are not among them."""
    commands: list[Command] = []
    for severity, name in _NAMES.items():
        items = [judged for judged in report.shown if judged.finding.severity is severity]
        kept = items if len(items) <= MOST else items[: MOST - 1]
        commands += [_annotation(name, judged) for judged in kept]
        if len(items) > MOST:
            more = len(items) - len(kept)
            text = f"{more:,} more findings of this level are in the report and in the log"
            commands.append(annotation(name, text, title="gitops-ci"))
    return tuple(commands)


def _annotation(name: Name, judged: Judged) -> Command:
    finding = judged.finding
    span = finding.location.span
    lines = [*finding.message.splitlines(), finding.hint, subject(judged)]
    return annotation(
        name,
        "\n".join(visible(line) for line in lines if line),
        path=finding.location.path,
        line=finding.location.line,
        end_line=span.end_line if span else finding.location.line,
        column=span.column if span else 0,
        end_column=max(span.end_column - 1, span.column) if span else 0,
        title=finding.rule.id,
    )
