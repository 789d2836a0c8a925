"""Whether a change that goes back (see `rollback.is_rollback`) does nothing else: what a rollback
need not wait for must not carry anything new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.values import Value
from gitops_ci.promote.state import Copy, Holding, Pin, State
from gitops_ci.repo.sites.model import Address

Sources = Callable[[str], SourceFile | None]
"""A parsed file by its path; None when it is not there."""
_MASKED: Final = object()


def changes_only_slots(
    paths: Iterable[str], before: State, after: State, old: Sources, new: Sources
) -> bool:
    """Whether each of the files differs at nothing but the slots of the place. A file that came or
    went, and a version inside the text of another value, are not looked through."""
    copied = {h.path for h in (*before.holdings, *after.holdings) if isinstance(h, Copy)}
    return all(
        path in copied or _alike(old(path), new(path), _places(before, path), _places(after, path))
        for path in paths
    )


def _alike(
    old: SourceFile | None,
    new: SourceFile | None,
    old_places: Sequence[Address],
    new_places: Sequence[Address],
) -> bool:
    if old is None or new is None or any(place.within for place in (*old_places, *new_places)):
        return False
    return _masked(old, old_places) == _masked(new, new_places)


def _places(state: State, path: str) -> list[Address]:
    return [at for holding in state.holdings for at in _of(holding, path)]


def _of(holding: Holding, path: str) -> Iterable[Address]:
    if isinstance(holding, Pin):
        if holding.site.path == path and not holding.inherited:
            yield from (part.at for part in holding.site.parts if not part.missing)
    elif not isinstance(holding, Copy) and holding.path == path:
        yield holding.at


def _masked(source: SourceFile, places: Sequence[Address]) -> list[Any]:
    """The documents with what the slots hold left out."""
    hidden = {(at.document, at.route) for at in places}
    return [_without(document.value, (), document.index, hidden) for document in source.documents]


def _without(
    value: Value, route: tuple[str | int, ...], document: int, hidden: set[tuple[int, Any]]
) -> Any:
    if (document, route) in hidden:
        return _MASKED
    if isinstance(value, dict):
        return {key: _without(v, (*route, key), document, hidden) for key, v in value.items()}
    if isinstance(value, list):
        return [_without(v, (*route, at), document, hidden) for at, v in enumerate(value)]
    return value
