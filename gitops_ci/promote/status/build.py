"""From the plan of all promotions to the matrix: what the planner would do is what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from gitops_ci.config.environment_graph import is_protected, order
from gitops_ci.config.model import Config
from gitops_ci.promote.candidates import FROM
from gitops_ci.promote.freeze import Freezes
from gitops_ci.promote.holds import Hold
from gitops_ci.promote.plan import Candidate, Chosen, Plan
from gitops_ci.promote.side import Sides
from gitops_ci.promote.slots import Place
from gitops_ci.promote.status.board import Board, Cell, Column, Stand

HoldOf = Callable[[str, str], Hold | None]
"""The hold about an app in an environment."""


class Builder(Struct, frozen=True):
    """Builds the board. `plan` is the plan of every edge of the graph."""

    config: Config
    sides: Sides
    plan: Plan
    freezes: Freezes
    hold_of: HoldOf
    now: datetime

    def board(self, environments: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> Board:
        """The board, of all environments or of some."""
        names = [
            n for n in order(self.config.environments) if not environments or n in environments
        ]
        columns = tuple(
            Column(
                name,
                self.config.environments[name].sources.names,
                is_protected(name, self.config.environments),
                self.freezes.frozen(name, self.now),
            )
            for name in names
        )
        apps = sorted({app for name in names for app in self.sides(name).apps if app})
        rows = tuple((app, tuple(self._cell(column, app) for column in columns)) for app in apps)
        return Board(self.now, columns, rows, notes)

    def _cell(self, column: Column, app: str) -> Cell:
        side = self.sides(column.name)
        places = side.places(app)
        if not places:
            absent = any(self.sides(source).places(app) for source in column.sources)
            stand = Stand.ABSENT if absent else Stand.ALONE
            return Cell(column.name, app, stand, freeze=column.freeze)
        each = {place: side.states[place].versions() for place in places}
        versions = tuple(sorted({text for texts in each.values() for text in texts}))
        differ = len(set(each.values())) > 1
        last = side.timeline(places).epochs[-1]
        stand, since, coming, waits = self._compared(column, app)
        if stand is Stand.AHEAD:
            since = last.since
        return Cell(
            column.name,
            app,
            stand,
            versions,
            tuple((place.variant or "-", each[place]) for place in places) if differ else (),
            last.since,
            last.commit,
            since,
            coming,
            waits,
            self.hold_of(app, column.name),
            column.freeze,
            self._offer(column, app) if stand is Stand.AHEAD else "",
        )

    def _offer(self, column: Column, app: str) -> str:
        ahead = (item for item in self.plan.left if _is(item.place, column.name, app))
        return next((item.hint for item in ahead if item.ahead), "")

    def _compared(
        self, column: Column, app: str
    ) -> tuple[Stand, datetime | None, tuple[str, ...], tuple[str, ...]]:
        """How it stands, since when, what comes next and what that waits for."""
        if not column.sources:
            return Stand.FIRST, None, (), ()
        if not any(self.sides(source).places(app) for source in column.sources):
            return Stand.ALONE, None, (), ()
        refused = [r for r in self.plan.refused if _is(r.place, column.name, app)]
        chosen = next(
            (c for c in self.plan.chosen if c.target == column.name and app in c.apps), None
        )
        moves = any(_is(move.place, column.name, app) for move in self.plan.moves)
        if refused:
            since = _since(chosen)
            return Stand.BLOCKED, since, _coming(chosen, app), tuple(r.reason for r in refused)
        if moves or (chosen is not None and chosen.candidate is None):
            return Stand.BEHIND, _since(chosen), _coming(chosen, app), _waits(chosen)
        if any(i.ahead and _is(i.place, column.name, app) for i in self.plan.left):
            return Stand.AHEAD, None, (), ()
        return Stand.LEVEL, None, (), ()


def _is(place: Place, environment: str, app: str) -> bool:
    return (place.environment, place.app) == (environment, app)


def _candidates(chosen: Chosen | None) -> tuple[Candidate, ...]:
    if chosen is None:
        return ()
    return (*((chosen.candidate,) if chosen.candidate else ()), *chosen.passed)


def _since(chosen: Chosen | None) -> datetime | None:
    times = [c.epoch.since for c in _candidates(chosen) if c.epoch.since is not None]
    return min(times, default=None)


def _coming(chosen: Chosen | None, app: str) -> tuple[str, ...]:
    """The versions of the app that the newest candidate would bring."""
    states = [state for c in _candidates(chosen)[:1] for state in c.epoch.states]
    own = {text for state in states if state.place.app == app for text in state.versions()}
    return tuple(sorted(own))


def _waits(chosen: Chosen | None) -> tuple[str, ...]:
    """What the newest candidate that was passed over waits for; nothing where one may move."""
    if chosen is None or chosen.candidate is not None:
        return ()
    first = chosen.passed[0] if chosen.passed else None
    if first is None:
        return ("a candidate",)
    if first.retracted:
        return (f"something newer: {first.source} went back from it",)
    return tuple(f"{_named(v.gate)}: {v.text}" for v in first.verdicts if not v.is_open)


def _named(gate: str) -> str:
    """The gate as a sentence has it: `from` is a key of the configuration."""
    return "its other sources" if gate == FROM else gate
