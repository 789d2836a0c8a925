"""Two renderings to their differences, by environment."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from gitops_ci.diff.masking import masked, masked_pair
from gitops_ci.diff.model import ABSENT, EnvironmentChange, Kind, ObjectChange, ValueChange
from gitops_ci.diff.noise import base_name, noise_of
from gitops_ci.diff.pairing import Match, Placed, match
from gitops_ci.diff.values import Pair, differences
from gitops_ci.model.span import Location
from gitops_ci.render.objects import Rendered

_MOST_TRACED = 200


def compare(
    before: Iterable[Rendered],
    after: Iterable[Rendered],
    order: Iterable[str] = (),
    is_protected: Callable[[str], bool] = lambda _name: False,
) -> tuple[EnvironmentChange, ...]:
    """What differs, by environment: those of `order` first, then the others by name. The same
    difference in several roots of an environment stands there once."""
    matches = list(match(before, after))
    renamed = _renamed(matches)
    tracing = _Tracing()
    found: dict[str, list[ObjectChange]] = defaultdict(list)
    for item in matches:
        change = _change(item, renamed, tracing)
        if change is not None:
            side = item.after or item.before
            assert side is not None
            found[side.root.environment].append(change)
    ranks = {name: index for index, name in enumerate(order)}
    names = sorted(found, key=lambda name: (not name, ranks.get(name, len(ranks)), name))
    return tuple(
        EnvironmentChange(name, _folded(found[name]), is_protected(name)) for name in names
    )


class _Tracing:
    """Finds the lines behind differences, as long as there are not too many of them: following a
    value through all overlays takes a millisecond."""

    def __init__(self) -> None:
        self._left = _MOST_TRACED

    def place(self, item: Placed, route: tuple[str | int, ...]) -> Location | None:
        """Where the value was set; None when too many were asked for already."""
        if not self._left:
            return None
        self._left -= 1
        return item.object.origin.trace(route).location


def _renamed(matches: Iterable[Match]) -> dict[str, str]:
    """Former to present names of generated objects."""
    pairs = (
        (item.before.object.ref.name, item.after.object.ref.name)
        for item in matches
        if item.before is not None and item.after is not None
    )
    return {old: new for old, new in pairs if old != new and base_name(old) == base_name(new)}


def _change(item: Match, renamed: dict[str, str], tracing: _Tracing) -> ObjectChange | None:
    if item.before is None or item.after is None:
        side = item.after or item.before
        assert side is not None
        kind = Kind.ADDED if item.after else Kind.REMOVED
        place = tracing.place(side, ("kind",))
        document = masked(side.object.value)
        return ObjectChange(
            kind, side.object.ref, (side.root.name,), document=document, source=place
        )
    old, new = item.before.object, item.after.object
    if old.value is new.value:
        return None
    values = tuple(
        _value(pair, item, renamed, tracing) for pair in differences(old.value, new.value)
    )
    if not values:
        return None
    was = old.ref.name if old.ref.name != new.ref.name else ""
    return ObjectChange(Kind.CHANGED, new.ref, (item.after.root.name,), values, was=was)


def _value(pair: Pair, item: Match, renamed: dict[str, str], tracing: _Tracing) -> ValueChange:
    assert item.before is not None
    assert item.after is not None
    noise = noise_of(pair, renamed)
    shown = masked_pair(pair, item.after.object.ref.kind)
    place = None
    if noise is None:
        removed = pair.after is ABSENT
        side, route = (item.before, pair.old_route) if removed else (item.after, pair.new_route)
        place = tracing.place(side, route)
    return ValueChange(pair.path, shown.before, shown.after, noise, place)


def _folded(changes: list[ObjectChange]) -> tuple[ObjectChange, ...]:
    """The same change of the same object once, with all the roots that show it."""
    by_content: dict[str, ObjectChange] = {}
    for change in changes:
        key = _content(change)
        known = by_content.get(key)
        roots = change.roots if known is None else tuple(dict.fromkeys(known.roots + change.roots))
        by_content[key] = replace(known or change, roots=roots)
    return tuple(sorted(by_content.values(), key=_position))


def _content(change: ObjectChange) -> str:
    values = [(item.path, repr(item.before), repr(item.after)) for item in change.values]
    text = json.dumps([values, change.document], sort_keys=True, default=str)
    return f"{change.kind.value} {change.ref.group}/{change.ref} {change.was} {text}"


def _position(change: ObjectChange) -> tuple[bool, str, str, str]:
    return change.is_noise, change.ref.kind, change.ref.namespace, change.ref.name
