"""Replace a part of a scalar: the tag in an argument, the ref in an address. The rest of the scalar
keeps every byte, its quotes included."""

from __future__ import annotations

from collections.abc import Collection

from yaml import ScalarNode

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edit_proof import prove_text, refuse_sharing
from gitops_ci.documents.edit_text import scalar_token
from gitops_ci.documents.edit_tree import EditRefusedError, open_tree
from gitops_ci.documents.splice import replacement
from gitops_ci.model.edit import Edit
from gitops_ci.model.span import Route


def set_part(
    source: SourceFile,
    document: int,
    route: Route,
    before: str,
    old: str,
    new: str,
    *,
    consumers: Collection[Route] = (),
) -> tuple[Edit, ...]:
    """The edit that replaces `old` by `new` in the scalar at `route`, whose text begins with
    `before` and then `old`; empty when they are equal. Raises EditRefusedError, also where the
    text is written so that its parts cannot be told, such as with escapes."""
    tree = open_tree(source)
    node = tree.node(document, route)
    if not isinstance(node, ScalarNode) or not node.value.startswith(before + old):
        raise EditRefusedError("the value is not what it was")
    if old == new:
        return ()
    ways = tree.raw_routes(document, node)
    refuse_sharing(tree, document, ways, {route, *consumers})
    token = scalar_token(tree.text, node)
    at = tree.text.find(before + old, token.start, token.end)
    if at < 0:
        raise EditRefusedError("the text is written with escapes or over several lines")
    start = at + len(before)
    edit = replacement(source.path, tree.lines, start, start + len(old), new)
    text = before + new + node.value[len(before + old) :]
    prove_text(source, tree, document, ways, (edit,), text)
    return (edit,)
