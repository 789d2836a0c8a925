"""The gates that people close: freezes, written holds, and the holds that the history implies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

from gitops_ci.promote.candidates import Judge, Question
from gitops_ci.promote.downgrades import implied_hold
from gitops_ci.promote.epochs import Epoch
from gitops_ci.promote.freeze import Freezes
from gitops_ci.promote.gates.bans import freeze_gate, holds_gate
from gitops_ci.promote.gates.verdict import Verdict
from gitops_ci.promote.history import Standing
from gitops_ci.promote.holds import Hold, Holds, Named
from gitops_ci.promote.side import Sides
from gitops_ci.promote.slots import Place

Told = Callable[[], Collection[str]]
"""The commits that changed the file of holds."""


def ban_judge(sides: Sides, holds: Holds, freezes: Freezes, told: Told, now: datetime) -> Judge:
    """Judges by what people have decided; says nothing about what nobody keeps out."""

    def judge(question: Question) -> tuple[Verdict, ...]:
        found: list[Verdict] = []
        freeze = freezes.frozen(question.target, now)
        if freeze is not None:
            found.append(freeze_gate(freeze, now))
        for app in question.apps:
            hold = _hold(app, question, sides, holds, told, now)
            if hold is not None:
                found += holds_gate([(app, hold)], now)
        return tuple(found)

    return judge


def all_of(*judges: Judge) -> Judge:
    """The verdicts of several judges, in their order."""

    def judge(question: Question) -> tuple[Verdict, ...]:
        return tuple(verdict for one in judges for verdict in one(question))

    return judge


def standing_hold(
    app: str, environment: str, sides: Sides, holds: Holds, told: Told, now: datetime
) -> Hold | None:
    """The hold about the app in the environment that has not ended, whatever would come next."""
    for hold in holds.of(app, environment):
        if hold.bars(hold.versions, now):
            return hold
    side = sides(environment)
    for place in side.places(app):
        implied = _implied(place, side.timeline(side.places(app)).epochs, told)
        if implied is not None and not holds.releases(app, environment, implied.versions):
            return implied
    return None


def _hold(
    app: str, question: Question, sides: Sides, holds: Holds, told: Told, now: datetime
) -> Hold | None:
    coming = _named(app, (question.epoch,))
    overtaken = frozenset(_named(app, _later(question, sides)))
    written = holds.held(app, question.target, coming, now, overtaken)
    if written is not None:
        return written
    side = sides(question.target)
    for place in side.places(app):
        hold = _implied(place, side.timeline(side.places(app)).epochs, told)
        if hold is None or holds.releases(app, question.target, hold.versions):
            continue
        if hold.bars(coming, now, overtaken):
            return hold
    return None


def _implied(place: Place, epochs: Iterable[Epoch], told: Told) -> Hold | None:
    standings = [
        Standing(state, epoch.commit, epoch.since)
        for epoch in epochs
        if epoch.commit and epoch.since is not None
        for state in epoch.states
        if state.place == place
    ]
    hold = implied_hold(standings)
    return hold if hold is None else implied_hold(standings, told())


def _later(question: Question, sides: Sides) -> Iterator[Epoch]:
    """What came after the candidate in its source."""
    side = sides(question.source)
    places = tuple(place for app in question.apps for place in side.places(app))
    epochs = side.timeline(places).epochs
    if question.epoch in epochs:
        yield from epochs[epochs.index(question.epoch) + 1 :]


def _named(app: str, epochs: Iterable[Epoch]) -> tuple[Named, ...]:
    return tuple(
        dict.fromkeys(
            (pin.slot.name, pin.content)
            for epoch in epochs
            for state in epoch.states
            if state.place.app == app
            for pin in state.pins
        )
    )
