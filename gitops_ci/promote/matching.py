"""What a target should hold, given what stands in its source.

A version is looked for at the same slot first, then anywhere in the source under the same name,
then at the same place under the same name in another registry: a `newName` for each region stays,
and only the version moves. Where the source says two things, nothing is guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from gitops_ci.model.image import Shape, Version
from gitops_ci.model.regex import regex
from gitops_ci.promote.slots import Slot
from gitops_ci.promote.state import Pin, State

_COMMIT = regex(r"[0-9a-f]{7,40}\Z")


class Match(Struct, frozen=True):
    """The version that a pin of the target should hold, and the pin of the source that has it.
    `lockstep` says that it follows another pin of the target that moves with it."""

    pin: Pin
    version: Version
    source: Pin
    lockstep: bool = False


class Ambiguous(Struct, frozen=True):
    """A pin of the target for which the source holds several versions."""

    pin: Pin
    found: tuple[Pin, ...]


def match_pins(
    target: State, sources: Sequence[State]
) -> tuple[tuple[Match, ...], tuple[Ambiguous, ...]]:
    """What the own pins of `target` should hold by `sources`, the variants of one app that all
    have to agree. Pins that the source knows nothing of are in neither list."""
    known = [pin for state in sources for pin in state.pins if pin.content]
    matches: list[Match] = []
    unclear: list[Ambiguous] = []
    for pin in target.pins:
        if pin.inherited:
            continue
        found = _counterparts(pin, known)
        versions = {other.content for other in found}
        if len(versions) == 1:
            matches.append(Match(pin, found[0].version, found[0]))
        elif versions:
            unclear.append(Ambiguous(pin, tuple(found)))
    return (*matches, *_followers(target, matches, unclear)), tuple(unclear)


def unmatched(target: State, sources: Sequence[State]) -> tuple[Pin, ...]:
    """The pins of the source that no own pin of the target is a counterpart of, one for each
    name."""
    own = [pin for pin in target.pins if not pin.inherited]
    found: dict[tuple[str, str], Pin] = {}
    for state in sources:
        for pin in state.pins:
            if pin.content and not _counterparts(pin, own):
                found.setdefault((pin.slot.sort, pin.slot.name), pin)
    return tuple(found.values())


def _counterparts(pin: Pin, others: Iterable[Pin]) -> list[Pin]:
    alike = [other for other in others if other.slot.sort == pin.slot.sort]
    levels: tuple[Callable[[Slot, Slot], bool], ...] = (_same, _same_name, _same_product)
    for level in levels:
        found = [other for other in alike if level(other.slot, pin.slot)]
        if found:
            return found
    return []


def _same(one: Slot, other: Slot) -> bool:
    return one == other


def _same_name(one: Slot, other: Slot) -> bool:
    return bool(one.name) and one.name == other.name


def _same_product(one: Slot, other: Slot) -> bool:
    """The same place, and a name that differs in its registry alone."""
    mine, its = one.name.partition("/")[2], other.name.partition("/")[2]
    return one.sort == "image" and mine == its and _file_and_list(one) == _file_and_list(other)


def _file_and_list(slot: Slot) -> tuple[str, str]:
    """Entries of an `images:` list are known by their name, which may be another one."""
    return (slot.file, re.sub(r"\[[^\]]*\]", "[]", slot.key))


def _followers(
    target: State, matches: Sequence[Match], unclear: Sequence[Ambiguous]
) -> list[Match]:
    """Pins that say the same commit as one that moves, and of which the source has none: a tag and
    the ref that it was built from move together, also where the source follows a branch."""
    taken = {match.pin.slot for match in matches} | {item.pin.slot for item in unclear}
    leading: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        leading[match.pin.version.tag].append(match)
    found = []
    for pin in target.pins:
        leaders = leading.get(pin.version.tag, [])
        versions = {match.version.tag for match in leaders}
        if (
            pin.slot in taken
            or pin.inherited
            or pin.version.shape is not Shape.TAG
            or len(versions) != 1
            or not _COMMIT.match(pin.version.tag)
            or not all(_COMMIT.match(tag) for tag in versions)
        ):
            continue
        leader = leaders[0]
        found.append(Match(pin, Version(leader.version.tag), leader.source, lockstep=True))
    return found


def without_registry(name: str) -> str:
    """The name of an image without its registry."""
    return name.partition("/")[2]
