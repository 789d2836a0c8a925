"""The structural difference of two values.

Lists of mappings whose items all have a different `name` (or another key that Kubernetes merges
such lists by) are compared by that key, so that an inserted container is one addition. Other lists
are aligned by their equal items. The keys are list map keys and patch merge keys of the Kubernetes
API.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from msgspec import Struct

from gitops_ci.diff.model import ABSENT
from gitops_ci.model.span import Route

_KEYS = ("name", "key", "mountPath", "containerPort", "port", "path", "host", "ip", "topologyKey")
_LONGEST_NAME = 60
_MOST_ALIGNED = 2_000


class Pair(Struct, frozen=True):
    """Two values that differ, with the route to each on its own side."""

    path: str
    before: Any
    after: Any
    old_route: Route
    new_route: Route


def differences(before: Any, after: Any) -> Iterator[Pair]:
    """Every value that differs, in the order of the new value; removed keys come last in theirs."""
    yield from _differ(Pair("", before, after, (), ()))


def _differ(pair: Pair) -> Iterator[Pair]:
    before, after = pair.before, pair.after
    if _same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _mappings(pair)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(pair)
    else:
        yield pair


def _same(before: Any, after: Any) -> bool:
    """Whether nothing differs; `1`, `1.0` and `true` are different things."""
    if before is after:
        return True
    if type(before) is not type(after):
        return False
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(
            _same(item, after[key]) for key, item in before.items()
        )
    if isinstance(before, list):
        return len(before) == len(after) and all(map(_same, before, after))
    return bool(before == after)


def _mappings(pair: Pair) -> Iterator[Pair]:
    for key, item in pair.after.items():
        yield from _differ(_key(pair, key, pair.before.get(key, ABSENT), item))
    for key, item in pair.before.items():
        if key not in pair.after:
            yield _key(pair, key, item, ABSENT)


def _key(pair: Pair, key: str, before: Any, after: Any) -> Pair:
    plain = key.replace("-", "").replace("_", "").isalnum() and key.isascii()
    if plain:
        path = f"{pair.path}.{key}" if pair.path else key
    else:
        path = f"{pair.path}[{json.dumps(key, ensure_ascii=False)}]"
    return Pair(path, before, after, (*pair.old_route, key), (*pair.new_route, key))


def _lists(pair: Pair) -> Iterator[Pair]:
    key = _common_key(pair.before, pair.after)
    if key:
        yield from _named(pair, key)
    elif len(pair.before) + len(pair.after) > _MOST_ALIGNED:
        yield pair
    else:
        yield from _aligned(pair)


def _common_key(before: list[Any], after: list[Any]) -> str:
    """The key that tells the items of both lists apart."""
    for key in _KEYS:
        if _tells_apart(before, key) and _tells_apart(after, key):
            return key
    return ""


def _tells_apart(items: list[Any], key: str) -> bool:
    names = [item.get(key) if isinstance(item, dict) else None for item in items]
    return all(isinstance(name, str | int) for name in names) and len(set(names)) == len(names)


def _named(pair: Pair, key: str) -> Iterator[Pair]:
    old = {item[key]: index for index, item in enumerate(pair.before)}
    new = {item[key]: index for index, item in enumerate(pair.after)}
    for name, index in new.items():
        before = old.get(name)
        yield from _differ(_item(pair, _short(name), before, index))
    for name, index in old.items():
        if name not in new:
            yield from _differ(_item(pair, _short(name), index, None))
    stayed = [name for name in old if name in new]
    moved = [name for name in new if name in old]
    if stayed != moved:
        where = f"{pair.path} (order)"
        yield Pair(where, stayed, moved, pair.old_route, pair.new_route)


def _aligned(pair: Pair) -> Iterator[Pair]:
    old, new = [_canonical(item) for item in pair.before], [_canonical(item) for item in pair.after]
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        for step in range(max(i2 - i1, j2 - j1)):
            before = i1 + step if i1 + step < i2 else None
            after = j1 + step if j1 + step < j2 else None
            label = after if after is not None else before
            yield from _differ(_item(pair, str(label), before, after))


def _item(pair: Pair, label: str, before: int | None, after: int | None) -> Pair:
    """The pair of two items of lists by their indices; None where there is none."""
    return Pair(
        f"{pair.path}[{label}]",
        ABSENT if before is None else pair.before[before],
        ABSENT if after is None else pair.after[after],
        pair.old_route if before is None else (*pair.old_route, before),
        pair.new_route if after is None else (*pair.new_route, after),
    )


def _canonical(item: Any) -> str:
    return json.dumps(item, sort_keys=True, default=str)


def _short(name: str | int) -> str:
    text = str(name)
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"
