"""Which object of the new rendering is which of the old one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

from msgspec import Struct

from gitops_ci.diff.noise import base_name
from gitops_ci.render.objects import Rendered, RenderedObject, Root


class Placed(Struct, frozen=True):
    """A rendered object with the root that gives it."""

    object: RenderedObject
    root: Root


class Match(Struct, frozen=True):
    """The same object on both sides; None on the side where there is none."""

    before: Placed | None
    after: Placed | None


_Identity = Callable[[Placed], Hashable]


def match(before: Iterable[Rendered], after: Iterable[Rendered]) -> Iterator[Match]:
    """Every object of both sides, exactly once: by root and identity first, then in another root of
    the environment (a directory was renamed), under another API group, under another hash."""
    old, new = list(_placed(before)), list(_placed(after))
    for identity in (_in_root, _in_environment, _in_any_group, _without_hash):
        pairs, old, new = _paired(old, new, identity)
        yield from pairs
    yield from (Match(item, None) for item in old)
    yield from (Match(None, item) for item in new)


def _placed(rendered: Iterable[Rendered]) -> Iterator[Placed]:
    for item in rendered:
        for thing in item.objects:
            yield Placed(thing, item.root)


def _paired(
    old: list[Placed], new: list[Placed], identity: _Identity
) -> tuple[list[Match], list[Placed], list[Placed]]:
    waiting: dict[Hashable, list[Placed]] = defaultdict(list)
    for item in old:
        waiting[identity(item)].append(item)
    pairs: list[Match] = []
    left: list[Placed] = []
    for item in new:
        here = waiting.get(identity(item))
        if here and identity(item) is not None:
            pairs.append(Match(here.pop(0), item))
        else:
            left.append(item)
    taken = {id(pair.before) for pair in pairs}
    return pairs, [item for item in old if id(item) not in taken], left


def _in_root(item: Placed) -> Hashable:
    ref = item.object.ref
    return item.root.name, ref.group, ref.kind, ref.namespace, ref.name


def _in_environment(item: Placed) -> Hashable:
    ref = item.object.ref
    return item.root.environment, ref.group, ref.kind, ref.namespace, ref.name


def _in_any_group(item: Placed) -> Hashable:
    ref = item.object.ref
    return item.root.environment, ref.kind, ref.namespace, ref.name


def _without_hash(item: Placed) -> Hashable:
    ref = item.object.ref
    base = base_name(ref.name)
    return (item.root.name, ref.group, ref.kind, ref.namespace, base) if base else None
