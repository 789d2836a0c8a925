"""Back to what stood before, and how such a change is known. Pure.

A rollback is known by its content alone: the state that it brings stood at the place on the base's
first-parent history before the present one did. No label, title or trailer makes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.globs import name_matches
from gitops_ci.config.model import Config
from gitops_ci.model.errors import UsageError
from gitops_ci.promote.aims import Aim, NoStateError
from gitops_ci.promote.downgrades import left_behind
from gitops_ci.promote.epochs import Epoch
from gitops_ci.promote.history import Standing
from gitops_ci.promote.holds import MANUAL, NEWER, Hold, Named
from gitops_ci.promote.moves import Refusal, edits_of
from gitops_ci.promote.outcome import Outcome
from gitops_ci.promote.plan import Left, Plan
from gitops_ci.promote.restore import Restoring
from gitops_ci.promote.side import Side
from gitops_ci.promote.slots import Place
from gitops_ci.promote.state import State
from gitops_ci.schemas.near import near


class Request(Struct, frozen=True):
    """Which apps of an environment go back (globs; all when empty), and how long that holds: `mode`
    is a word of `holds.py`, empty with a moment in `until`; `hold` False leaves the hold out."""

    apps: tuple[str, ...]
    aim: Aim
    mode: str = NEWER
    until: datetime | None = None
    reason: str = ""
    by: str = ""
    hold: bool = True


class Rollback(Struct, frozen=True):
    """The moves, and the hold that goes with each app that moves."""

    plan: Plan
    holds: tuple[Hold, ...] = ()


def plan_rollback(request: Request, side: Side, config: Config) -> Rollback:
    """The plan for the environment of `side`. Raises UsageError when no app is meant."""
    apps = _apps(request.apps, side)
    plan, holds = Plan(), []
    for unit in _units(apps, side, config):
        made, hold = _unit(unit, request, side)
        plan = plan.joined(made)
        holds += hold if made.moves and request.hold else []
    return Rollback(plan, tuple(holds))


def is_rollback(proposed: State, standings: Sequence[Standing]) -> bool:
    """Whether bringing `proposed` to its place goes back. `standings` are what stood there on the
    base's first-parent history, the present one last. A state that came after the present one did
    for the first time is no way back, although it stood there: somebody went back from it."""
    prints = [standing.state.fingerprint for standing in standings]
    if not prints or proposed.fingerprint not in prints:
        return False
    return prints.index(proposed.fingerprint) < prints.index(prints[-1])


def goes_back(proposed: Iterable[State], standings: Mapping[Place, Sequence[Standing]]) -> bool:
    """Whether a change that brings `proposed`, the states of all places that it touches, is a
    rollback: each of them goes back or stays, and one goes back."""
    found = False
    for state in proposed:
        here = standings.get(state.place, ())
        if here and here[-1].state.fingerprint == state.fingerprint:
            continue
        if not is_rollback(state, here):
            return False
        found = True
    return found


def _apps(globs: tuple[str, ...], side: Side) -> tuple[str, ...]:
    for glob in globs:
        if not any(name_matches(glob, app) for app in side.apps):
            close = near(glob, side.apps)
            hint = f"did you mean {close[0]}?" if close else f"apps: {', '.join(side.apps)}"
            raise UsageError(f"there is no app {glob} in {side.environment}", hint)
    return tuple(a for a in side.apps if not globs or any(name_matches(g, a) for g in globs))


def _units(apps: tuple[str, ...], side: Side, config: Config) -> Iterator[tuple[str, ...]]:
    """Apps that go back together: all members of an atomic group, else each one for itself."""
    taken: set[str] = set()
    for group in config.groups.values():
        members = tuple(
            app for app in side.apps if any(name_matches(glob, app) for glob in group.apps)
        )
        if group.atomic and not taken.intersection(members):
            taken |= set(members)
            if set(members) & set(apps):
                yield members
    yield from ((app,) for app in apps if app not in taken)


def _unit(apps: tuple[str, ...], request: Request, side: Side) -> tuple[Plan, list[Hold]]:
    places = tuple(place for app in apps for place in side.places(app))
    try:
        epoch = request.aim.find(side.timeline(places).epochs)
    except NoStateError as error:
        return _stays(apps, str(error), request, side, done=error.done), []
    then = {state.place: state for state in epoch.states}
    outcome, left = Outcome(), dict[str, set[Named]]()
    for place in places:
        now, state = side.states[place], then.get(place, State(place))
        if not state.holdings:
            reason = f"{place.app} was not in {place.environment} then"
            outcome.refused.append(Refusal(place, None, reason, "take it out by hand"))
            continue
        outcome.add(Restoring(side, now, state, _why(epoch)).outcome())
        left.setdefault(place.app, set()).update(left_behind(now, state))
    edits, impossible = edits_of(outcome.moves, side.source)
    refused = (*outcome.refused, *impossible)
    plan = Plan(done=tuple(outcome.done), left=tuple(outcome.left), refused=refused)
    if refused:
        return plan, []
    plan = replace(plan, moves=tuple(outcome.moves), edits=edits)
    if not _is_back(epoch, side.timeline(places).epochs):
        return plan, []
    return plan, [_hold(side, app, left.get(app, set()), request, epoch) for app in apps]


def _is_back(epoch: Epoch, epochs: Sequence[Epoch]) -> bool:
    """Whether the epoch stood before the present state did for the first time: only then is there
    something that must not come again."""
    contents = [item.contents for item in epochs]
    return contents.index(epoch.contents) < contents.index(contents[-1])


def _stays(apps: tuple[str, ...], reason: str, request: Request, side: Side, *, done: bool) -> Plan:
    places = [Place(side.environment, app) for app in apps]
    if request.apps and not done:
        return Plan(refused=tuple(Refusal(place, None, reason) for place in places))
    return Plan(left=tuple(Left(place, None, reason) for place in places))


def _hold(side: Side, app: str, left: set[Named], request: Request, epoch: Epoch) -> Hold:
    mode = MANUAL if request.mode == NEWER and not left else request.mode
    versions = ", ".join(sorted({version for _, version in left})) or "a change"
    to = ", ".join(_versions(epoch, app)) or "an earlier state"
    reason = request.reason or f"rolled back from {versions} to {to}"
    return Hold(side.environment, app, tuple(sorted(left)), reason, request.by, mode, request.until)


def _versions(epoch: Epoch, app: str) -> tuple[str, ...]:
    states = [state for state in epoch.states if state.place.app == app]
    return tuple(sorted({text for state in states for text in state.versions()}))


def _why(epoch: Epoch) -> str:
    if epoch.since is None:
        return "stood here before"
    return f"stood here from {epoch.since:%Y-%m-%d %H:%M} UTC ({epoch.commit[:12]})"
