"""Set, insert and delete values by splicing text.

Every function proves its edit before it returns it: the file is composed again with the edit
applied, and its tree equals the old one except at the target. What cannot be done safely raises
EditRefusedError with the reason.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from yaml import MappingNode, ScalarNode, SequenceNode

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edit_place import insertion, removal
from gitops_ci.documents.edit_proof import changed, prove, refuse_sharing, with_leaf
from gitops_ci.documents.edit_text import scalar_token, set_text
from gitops_ci.documents.edit_tree import EditRefusedError, leaf_of, open_tree
from gitops_ci.documents.quoting import DOUBLE, written
from gitops_ci.documents.splice import replacement
from gitops_ci.model.edit import Edit
from gitops_ci.model.span import Route

__all__ = ["EditRefusedError", "delete", "insert", "set_scalar"]


def set_scalar(
    source: SourceFile,
    document: int,
    route: Route,
    value: object,
    *,
    consumers: Collection[Route] = (),
) -> tuple[Edit, ...]:
    """The edit that gives the scalar at `route` the value `value`; empty if it has it already.

    Quotes, anchors, tags and comments stay; a plain scalar gets quotes only when the new value
    needs them. A value that aliases or merges share is changed only if every other route to it is
    in `consumers`. Raises EditRefusedError.
    """
    tree = open_tree(source)
    node = tree.node(document, route)
    if not isinstance(node, ScalarNode):
        raise EditRefusedError("the value is a mapping or a list")
    routes = tree.raw_routes(document, node)
    refuse_sharing(tree, document, routes, {route, *consumers})
    token = scalar_token(tree.text, node)
    if source.path.endswith(".json"):
        new = written(value, DOUBLE)
    else:
        new = set_text(tree.text, node, token, value, flow=tree.in_flow(document, route))
    if new == tree.text[token.start : token.end]:
        return ()
    edit = replacement(source.path, tree.lines, token.start, token.end, new)
    leaf = leaf_of(value)
    prove(source, tree, document, (edit,), lambda target: with_leaf(target, routes, leaf))
    return (edit,)


def insert(source: SourceFile, document: int, route: Route, value: Any) -> tuple[Edit, ...]:
    """The edit that adds an entry to the mapping, or an item at the end of the list, at
    `route[:-1]`. `value` is a scalar, or a mapping or list of such. Raises EditRefusedError."""
    tree = open_tree(source)
    parent = tree.node(document, route[:-1])
    step = route[-1]
    if isinstance(parent, MappingNode) and tree.has(document, route):
        raise EditRefusedError("the key is there already")
    if isinstance(parent, SequenceNode) and step != len(parent.value):
        raise EditRefusedError("items can only be added at the end of a list")
    if len(tree.raw_routes(document, parent)) > 1:
        raise EditRefusedError("the mapping or list is shared through an alias")
    json_file = source.path.endswith(".json")
    key = tree.key(document, route[:-1])
    place, text = insertion(tree, parent, key, step, value, json_file=json_file)
    edit = replacement(source.path, tree.lines, place, place, text)
    leaf = leaf_of(value)

    def expected(target: Any) -> Any:
        return changed(target, route[:-1], lambda old: _added(old, step, leaf))

    prove(source, tree, document, (edit,), expected)
    return (edit,)


def delete(source: SourceFile, document: int, route: Route) -> tuple[Edit, ...]:
    """The edit that removes the entry or item at `route` with its line. Raises EditRefusedError."""
    tree = open_tree(source)
    parent = tree.node(document, route[:-1])
    tree.node(document, route)
    if len(tree.raw_routes(document, parent)) > 1:
        raise EditRefusedError("the mapping or list is shared through an alias")
    start, end = removal(tree, parent, route[-1])
    edit = replacement(source.path, tree.lines, start, end, "")

    def expected(target: Any) -> Any:
        return changed(target, route[:-1], lambda old: _without(old, route[-1]))

    prove(source, tree, document, (edit,), expected)
    return (edit,)


def _added(old: Any, step: str | int, leaf: Any) -> Any:
    if isinstance(step, int):
        return [*(old if isinstance(old, list) else []), leaf]
    return {**(old if isinstance(old, dict) else {}), step: leaf}


def _without(old: Any, step: str | int) -> Any:
    if isinstance(old, list):
        return [item for index, item in enumerate(old) if index != step]
    return {key: item for key, item in old.items() if key != step}
