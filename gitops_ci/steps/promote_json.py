"""A promotion as data. Its shape is an interface: fields are added, never changed."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from gitops_ci.model.change import FileEdit
from gitops_ci.model.edit import Edit, NewFile
from gitops_ci.model.span import Location
from gitops_ci.promote.gates.verdict import Verdict
from gitops_ci.promote.moves import Move, ToVersion
from gitops_ci.promote.plan import Candidate, Chosen
from gitops_ci.promote.slots import Place, Slot
from gitops_ci.steps.plan_json import document, place_of, proposals_of
from gitops_ci.steps.promote_outcome import Outcome


def json_of(
    outcome: Outcome, command: str = "promote", more: Mapping[str, list[Any]] | None = None
) -> str:
    """The plan as one JSON object in ASCII; each move and edit stands on a line of its own. `more`
    are lists that only this command has."""
    plan = outcome.plan
    status = "planned" if plan.moves else "refused" if plan.refused else "nothing-to-do"
    lists: dict[str, list[Any]] = {
        "moves": [_move(move) for move in plan.moves],
        "done": [{**_place(place), **_slot(slot)} for place, slot in plan.done],
        "left": [
            {
                **_place(item.place),
                **_slot(item.slot),
                "reason": item.reason,
                "ahead": item.ahead,
                "hint": item.hint,
            }
            for item in plan.left
        ],
        "refused": [
            {
                **_place(item.place),
                **_slot(item.slot),
                "path": item.location.path if item.location else "",
                "line": item.location.line if item.location else 0,
                "reason": item.reason,
                "hint": item.hint,
            }
            for item in plan.refused
        ],
        "candidates": [_chosen(chosen) for chosen in plan.chosen],
        "edits": [_edit(edit) for edit in plan.edits],
        "proposals": proposals_of(outcome.proposals, outcome.bodies),
        **(more or {}),
    }
    head = {"written": outcome.written, "notes": list(outcome.notes)}
    return document(command, status, head, lists, outcome.diff)


def _move(move: Move) -> dict[str, Any]:
    return {
        **_place(move.place),
        **_slot(move.slot),
        "path": move.path,
        **place_of(move.location),
        "from": move.before,
        "to": move.after,
        "older": move.older,
        "why": move.why,
        "new_entry": move.what.entry if isinstance(move.what, ToVersion) else "",
    }


def _place(place: Place) -> dict[str, str]:
    return {"environment": place.environment, "app": place.app, "variant": place.variant}


def _slot(slot: Slot | None) -> dict[str, str]:
    if slot is None:
        return {"sort": "", "name": "", "file": "", "key": ""}
    return {"sort": slot.sort, "name": slot.name, "file": slot.file, "key": slot.key}


def _chosen(chosen: Chosen) -> dict[str, Any]:
    return {
        "target": chosen.target,
        "apps": list(chosen.apps),
        "chosen": _candidate(chosen.candidate) if chosen.candidate else None,
        "passed": [_candidate(candidate) for candidate in chosen.passed],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    epoch = candidate.epoch
    return {
        "source": candidate.source,
        "versions": list(epoch.versions()),
        "commit": epoch.commit,
        "since": epoch.since.isoformat() if epoch.since else None,
        "until": epoch.until.isoformat() if epoch.until else None,
        "retracted": candidate.retracted,
        "gates": [_verdict(verdict) for verdict in candidate.verdicts],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "gate": verdict.gate,
        "state": verdict.state.value,
        "text": verdict.text,
        "until": verdict.until.isoformat() if verdict.until else None,
    }


def _edit(edit: FileEdit) -> dict[str, Any]:
    """An edit of a text; of a whole file its path and what it holds then, in base64."""
    if isinstance(edit, Edit):
        place = place_of(Location(edit.path, edit.span))
        return {"path": edit.path, **place, "expect": edit.expect, "text": edit.text}
    data = edit.data if isinstance(edit, NewFile) else b""
    return {"path": edit.path, "content": base64.b64encode(data).decode("ascii")}
