"""What the plans of all commands have in common as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gitops_ci import __version__
from gitops_ci.model.change import Proposal
from gitops_ci.model.span import Location
from gitops_ci.report.json_v1 import dump

VERSION = 1


def document(
    command: str, status: str, head: Mapping[str, Any], lists: Mapping[str, list[Any]], diff: bytes
) -> str:
    """The plan as one JSON object in ASCII; each row of a list stands on a line of its own."""
    first = {
        "version": VERSION,
        "tool": {"name": "gitops-ci", "version": __version__},
        "command": command,
        "status": status,
        **head,
    }
    parts = [f" {dump(key)}: {dump(value)}" for key, value in first.items()]
    parts += [f" {dump(key)}: {_rows(rows)}" for key, rows in lists.items()]
    parts.append(f' "diff": {dump(diff.decode("utf-8", "backslashreplace"))}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _rows(rows: list[Any]) -> str:
    return "[\n" + ",\n".join("  " + dump(row) for row in rows) + "\n ]" if rows else "[]"


def proposals_of(
    proposals: Iterable[Proposal], bodies: Iterable[tuple[str, str]]
) -> list[dict[str, Any]]:
    """What the forge made of the plan, with the texts by branch."""
    texts = dict(bodies)
    return [
        {
            "branch": item.branch,
            "outcome": item.outcome.value,
            "number": item.number,
            "url": item.url,
            "commit": item.commit,
            "reason": item.reason,
            "body": texts.get(item.branch, ""),
        }
        for item in proposals
    ]


def place_of(location: Location) -> dict[str, int]:
    """Where something stands in its file; its first line when that is not known."""
    span = location.span
    if span is None:
        return {"line": 1, "column": 1, "end_line": 1, "end_column": 1}
    return {
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
