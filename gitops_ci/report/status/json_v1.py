"""The status as data. Its shape is an interface: fields are added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gitops_ci import __version__
from gitops_ci.promote.freeze import Freeze
from gitops_ci.promote.holds import Hold, spelled
from gitops_ci.promote.status.board import Board, Cell
from gitops_ci.report.json_v1 import dump


def render(board: Board) -> str:
    """One JSON object in ASCII; each cell stands on a line of its own."""
    head = {
        "version": 1,
        "tool": {"name": "gitops-ci", "version": __version__},
        "command": "status",
        "now": board.now.isoformat(),
        "environments": [
            {
                "name": column.name,
                "sources": list(column.sources),
                "protected": column.protected,
                "frozen": _freeze(column.freeze),
            }
            for column in board.columns
        ],
        "notes": list(board.notes),
    }
    parts = [f" {dump(key)}: {dump(value)}" for key, value in head.items()]
    cells = ",\n".join("  " + dump(_cell(cell)) for cell in board.cells)
    parts.append(f' "cells": [\n{cells}\n ]' if cells else ' "cells": []')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "app": cell.app,
        "environment": cell.environment,
        "state": cell.stand.value,
        "versions": list(cell.versions),
        "clusters": [{"name": name, "versions": list(texts)} for name, texts in cell.clusters],
        "since": _time(cell.since),
        "commit": cell.commit,
        "compared_since": _time(cell.compared_since),
        "coming": list(cell.coming),
        "waits": list(cell.waits),
        "held": _hold(cell.hold),
        "offer": cell.offer,
    }


def _hold(hold: Hold | None) -> dict[str, Any] | None:
    if hold is None:
        return None
    return {
        "versions": [spelled(version) for version in hold.versions],
        "reason": hold.reason,
        "by": hold.by,
        "until": hold.mode or _time(hold.until),
        "implied": hold.implied,
    }


def _freeze(freeze: Freeze | None) -> dict[str, Any] | None:
    if freeze is None:
        return None
    return {"reason": freeze.reason, "by": freeze.by, "until": _time(freeze.until)}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
