"""The proof that an edit changed the text of one scalar and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


def refuse_sharing(
    tree: Tree, document: int, ways: Iterable[Route], planned: Collection[Route]
) -> None:
    """Raise EditRefusedError when a value at one of `ways` is read by a route not `planned`."""
    for way in ways:
        seen = effective(tree, document, way)
        if seen is not None and seen not in planned:
            shown = ".".join(map(str, seen))
            raise EditRefusedError(f"the value is shared through an alias: {shown} changes too")


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
    wanted = [plain_tree(root) for root in tree.roots]
    for way in ways:
        wanted[document] = _with(wanted[document], way, ("str", text))
    try:
        after = open_tree(SourceFile(source.path, splice(source.data, edits), ()))
    except StaleEditError:
        raise EditRefusedError("two changes of the text do not fit together") from None
    if [plain_tree(root) for root in after.roots] != wanted:
        raise EditRefusedError("the text around the value does not allow this edit safely")


def prove_same(source: SourceFile, edits: Collection[Edit]) -> None:
    """Raise EditRefusedError unless `edits` change comments and nothing that a reader sees."""
    after = open_tree(SourceFile(source.path, splice(source.data, edits), ()))
    before = open_tree(source)
    if [plain_tree(root) for root in after.roots] != [plain_tree(root) for root in before.roots]:
        raise EditRefusedError("the comment cannot be changed safely")


def _with(tree: Any, route: Route, leaf: Any) -> Any:
    if not route:
        return leaf
    step, rest = route[0], route[1:]
    if isinstance(tree, dict):
        return {key: _with(v, rest, leaf) if key == step else v for key, v in tree.items()}
    return [_with(v, rest, leaf) if at == step else v for at, v in enumerate(tree)]
