"""What the first lines of a manifest say about the rest: documents of many kinds only refer to
secrets, and are not worth parsing however often they name one."""

from __future__ import annotations

from gitops_ci.model.regex import regex
from gitops_ci.secrets.kinds import REFERRING
from gitops_ci.secrets.parts import Part
from gitops_ci.secrets.source_text import SourceText

Judged = tuple[int, int]
"""The range of a document in which names count (bytes)."""
ALL: Judged = (0, 2**63)
NOTHING: Judged = (0, 0)

_HEAD = regex(
    rb"(?:---[ \t]*\r?\n)?(?:[ \t]*(?:#[^\n]*)?\r?\n|apiVersion:[ \t]+[\w./-]+[ \t]*\r?\n)*"
    rb"kind:[ \t]+(?P<kind>\w+)[ \t]*(?=\r?\n)"
)
"""A block mapping that begins with its kind, or with its version and its kind."""
_KIND = regex(rb"(?m)^(?:[\"']?kind\b|\?)")
_METADATA = regex(rb"(?m)^metadata:")
_BODY = regex(rb"(?m)^(?:spec|status):")
_REFERRING = frozenset(kind.encode() for kind in REFERRING)
_TEMPLATED = frozenset(
    {b"ExternalSecret", b"ClusterExternalSecret", b"PushSecret", b"ClusterPushSecret"}
)


def judged_part(source: SourceText, part: Part) -> Judged:
    """Where in the document a name counts: nowhere in a kind that only refers to secrets, and in
    one that makes them from templates only in its metadata where it has no template. All of it when
    its kind is not known for sure."""
    head = _HEAD.match(source.data, *part)
    if head is None or _KIND.search(source.data, head.end(), part[1]) is not None:
        return ALL
    kind = head["kind"]
    if kind in _REFERRING:
        return NOTHING
    if kind in _TEMPLATED and source.lower.find(b"template", *part) < 0:
        return _metadata(source, part)
    return ALL


def _metadata(source: SourceText, part: Part) -> Judged:
    start = _METADATA.search(source.data, *part)
    if start is None:
        return NOTHING
    end = _BODY.search(source.data, start.end(), part[1])
    return start.start(), end.start() if end is not None else part[1]
