"""The proof that an edit changed its target and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edit_tree import (
    EditRefusedError,
    Tree,
    effective,
    open_tree,
    plain_tree,
)
from gitops_ci.documents.splice import StaleEditError, splice
from gitops_ci.model.edit import Edit
from gitops_ci.model.span import Route

Expected = Callable[[Any], Any]
"""The tree of the document as it ought to be after the edit, made from the one before it."""


def refuse_sharing(
    tree: Tree, document: int, ways: Iterable[Route], planned: Collection[Route]
) -> None:
    """Raise EditRefusedError when a value at one of `ways` is read by a route not `planned`."""
    for way in ways:
        seen = effective(tree, document, way)
        if seen is not None and seen not in planned:
            shown = ".".join(map(str, seen))
            raise EditRefusedError(f"the value is shared through an alias: {shown} changes too")


def prove(
    source: SourceFile,
    tree: Tree,
    document: int,
    edits: Collection[Edit],
    expected: Expected,
) -> None:
    """Raise EditRefusedError unless `edits` turn the document into what `expected` makes of it, and
    leave every other one as it is. `tree` is that of `source`."""
    wanted = [plain_tree(root) for root in tree.roots]
    wanted[document] = expected(wanted[document])
    _require(source, edits, wanted, "the text around the value does not allow this edit safely")


def prove_text(
    source: SourceFile,
    tree: Tree,
    document: int,
    ways: Iterable[Route],
    edits: Collection[Edit],
    text: str,
) -> None:
    """Raise EditRefusedError unless `edits` make the scalar at `ways` the text `text` and leave
    everything else as it is. `tree` is that of `source`."""
    routes = tuple(ways)
    prove(source, tree, document, edits, lambda target: with_leaf(target, routes, ("str", text)))


def prove_same(source: SourceFile, edits: Collection[Edit]) -> None:
    """Raise EditRefusedError unless `edits` change comments and nothing that a reader sees."""
    wanted = [plain_tree(root) for root in open_tree(source).roots]
    _require(source, edits, wanted, "the comment cannot be changed safely")


def _require(source: SourceFile, edits: Collection[Edit], wanted: list[Any], words: str) -> None:
    try:
        after = open_tree(SourceFile(source.path, splice(source.data, edits), ()))
    except StaleEditError:
        raise EditRefusedError("two changes of the text do not fit together") from None
    if [plain_tree(root) for root in after.roots] != wanted:
        raise EditRefusedError(words)


def with_leaf(tree: Any, routes: Iterable[Route], leaf: Any) -> Any:
    """A copy of `tree` with `leaf` at each of the routes."""
    for route in routes:
        tree = changed(tree, route, lambda _: leaf)
    return tree


def changed(tree: Any, route: Route, change: Callable[[Any], Any]) -> Any:
    """A copy of `tree` with the value at `route` changed."""
    if not route:
        return change(tree)
    step, rest = route[0], route[1:]
    if isinstance(tree, dict):
        return {
            key: changed(item, rest, change) if key == step else item for key, item in tree.items()
        }
    return [changed(item, rest, change) if at == step else item for at, item in enumerate(tree)]
