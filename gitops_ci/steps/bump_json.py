"""A plan as data. Its shape is an interface: fields are added, never changed.

`bump_plan_v1.schema.json` in the reference describes the whole.
"""

from __future__ import annotations

from typing import Any

from gitops_ci.model.edit import Edit
from gitops_ci.model.finding import Finding
from gitops_ci.model.span import Location
from gitops_ci.promote.bump.plan import Move
from gitops_ci.promote.bump.request import Target
from gitops_ci.repo.sites.model import Site
from gitops_ci.steps.bump_outcome import Outcome
from gitops_ci.steps.plan_json import document, place_of, proposals_of


def json_of(outcome: Outcome) -> str:
    """The plan as one JSON object in ASCII; each move and edit stands on a line of its own."""
    plan = outcome.plan
    status = "refused" if plan.refused else "planned" if plan.moves else "nothing-to-do"
    lists: dict[str, list[Any]] = {
        "moves": [_move(move) for move in plan.moves],
        "done": [_site(site) for site in plan.done],
        "left": [
            {
                **_site(item.site),
                "line": item.line,
                "wanted": _wanted(item.target),
                "reason": item.reason,
            }
            for item in plan.left
        ],
        "refused": [
            {
                **_site(item.site),
                "line": item.line,
                "wanted": _wanted(item.target),
                "reason": item.reason,
                "hint": item.hint,
            }
            for item in plan.refused
        ],
        "edits": [_edit(edit) for edit in plan.edits],
        "findings": [_finding(finding) for finding in plan.findings],
        "proposals": proposals_of(outcome.proposals, outcome.bodies),
    }
    head = {"written": outcome.written, "notes": list(outcome.notes)}
    return document("bump", status, head, lists, outcome.diff)


def _move(move: Move) -> dict[str, Any]:
    return {
        **_site(move.site),
        "name": move.name,
        **place_of(move.location),
        "wanted": _wanted(move.target),
        "to": str(move.to),
        "older": move.older,
        "new_entry": move.entry,
    }


def _site(site: Site) -> dict[str, Any]:
    return {
        "path": site.path,
        "kind": site.kind,
        "subject": site.subject.value,
        "name": site.name,
        "environment": site.environment,
        "app": site.app,
        "object": str(site.object) if site.object else "",
        "from": str(site.version),
    }


def _wanted(target: Target) -> dict[str, str]:
    return {
        "text": target.text,
        "name": target.name,
        "tag": target.version.tag,
        "digest": target.version.digest,
    }


def _edit(edit: Edit) -> dict[str, Any]:
    place = place_of(Location(edit.path, edit.span))
    return {"path": edit.path, **place, "expect": edit.expect, "text": edit.text}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.id,
        "severity": finding.severity.word,
        "message": finding.message,
        "hint": finding.hint,
        "path": finding.location.path,
        "line": finding.location.line,
        "environment": finding.environment,
    }
