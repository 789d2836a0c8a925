"""Configured values and files: from the source's places to their counterparts in the target."""

from __future__ import annotations

from collections.abc import Sequence

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.values import Value
from gitops_ci.model.span import Location, Route
from gitops_ci.promote.moves import Move, Refusal, ToFile, ToValue
from gitops_ci.promote.outcome import Outcome
from gitops_ci.promote.plan import Left
from gitops_ci.promote.side import Side
from gitops_ci.promote.slots import ENV, Place, Slot
from gitops_ci.promote.state import Copy, Setting, State
from gitops_ci.repo.sites.model import Address
from gitops_ci.repo.sites.text import value_at

_EXECUTABLE, _PLAIN = 0o100755, 0o100644


def setting_moves(
    target: Side, state: State, sources: Sequence[State], why: str, outcome: Outcome
) -> None:
    """Add to `outcome` what the configured keys of `state` come to. A key that the source lacks
    stays; one that the target lacks is added where its file is there."""
    found: dict[Slot, list[Setting]] = {}
    for source in sources:
        for setting in source.settings:
            found.setdefault(setting.slot, []).append(setting)
    own = {setting.slot: setting for setting in state.settings}
    for slot, settings in found.items():
        if len({setting.content for setting in settings}) > 1:
            outcome.refused.append(_disagree(state.place, slot))
            continue
        now, wanted = own.get(slot), settings[0]
        if now is not None and now.content == wanted.content:
            outcome.done.append((state.place, slot))
        elif now is not None:
            location = locate(target.source(now.path), now.at.document, now.at.route).location
            what = ToValue(now.path, now.at, wanted.value)
            outcome.moves.append(
                Move(state.place, slot, now.content, wanted.content, what, location, why=why)
            )
        else:
            _add(target, state.place, wanted, why, outcome)


def _add(target: Side, place: Place, wanted: Setting, why: str, outcome: Outcome) -> None:
    path = target.counterpart(wanted.slot.file, place)
    if path is None or path not in target.files:
        reason = f"has no file like {wanted.path}, which holds {_key(wanted.slot)}"
        outcome.left.append(Left(place, wanted.slot, reason))
        return
    route = tuple(
        place.environment if ENV in word else step
        for step, word in zip(wanted.at.route, _words(wanted), strict=True)
    )
    source = target.source(path)
    at, value = first_missing(source, wanted.at.document, route, wanted.value)
    what = ToValue(path, at, value, missing=True)
    outcome.moves.append(
        Move(place, wanted.slot, "", wanted.content, what, Location(path), why=why)
    )


def _words(setting: Setting) -> list[str]:
    """For each step of the route whether the slot's key says that it names the environment."""
    key = setting.slot.key
    steps = [str(step) for step in setting.at.route]
    return [ENV if ENV in key and str(step) not in key.split(".") else step for step in steps]


def first_missing(
    source: SourceFile, document: int, route: Route, value: Value
) -> tuple[Address, Value]:
    """The first step of the route that is missing, and what to put there."""
    depth = len(route)
    known = document < len(source.documents)
    while depth > 1 and not (
        known and isinstance(value_at(source, document, route[: depth - 1]), dict)
    ):
        depth -= 1
        value = {str(route[depth]): value}
    return Address(document, route[:depth]), value


def file_moves(
    target: Side, state: State, sources: Sequence[State], why: str, outcome: Outcome
) -> None:
    """Add to `outcome` what the configured files of `state` come to. None goes away because the
    source lacks it."""
    found: dict[Slot, list[Copy]] = {}
    for source in sources:
        for copy in source.copies:
            found.setdefault(copy.slot, []).append(copy)
    own = {copy.slot: copy for copy in state.copies}
    for slot, copies in found.items():
        if len({copy.content for copy in copies}) > 1:
            outcome.refused.append(_disagree(state.place, slot))
            continue
        now, wanted = own.get(slot), copies[0]
        path = now.path if now else target.counterpart(slot.file, state.place)
        if now is not None and now.content == wanted.content:
            outcome.done.append((state.place, slot))
        elif path is None:
            reason = f"has no directory that {wanted.path} could go to"
            outcome.left.append(Left(state.place, slot, reason))
        elif now is None and path in target.files:
            reason = f"{path} is no plain file, or `never` names it"
            outcome.refused.append(Refusal(state.place, slot, reason))
        else:
            mode = _EXECUTABLE if wanted.executable else _PLAIN
            what = ToFile(path, wanted.data, now.data if now else None, mode)
            before = now.content[:12] if now else ""
            outcome.moves.append(
                Move(state.place, slot, before, wanted.content[:12], what, Location(path), why=why)
            )


def _disagree(place: Place, slot: Slot) -> Refusal:
    reason = f"the clusters of the source differ in {_key(slot)}"
    return Refusal(place, slot, reason, "bring them together first, or leave the key out")


def _key(slot: Slot) -> str:
    return slot.key.partition(":")[2] or slot.file
