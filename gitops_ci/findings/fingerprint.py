"""What identifies a fault over time: rule, object, way to the value, and what is said about it.

Never a line number, a document's position or a list index: a fault keeps its fingerprint when
lines are inserted above it, when the file is indented anew, and when list items change places.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import Finding
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location, Route

Sources = Callable[[str], SourceFile | None]
"""The parsed file at a path, as far as it was read."""

ITEM_KEYS = ("name", "key", "containerPort", "port", "mountPath", "devicePath", "ip", "path")
"""Fields that tell list items apart, in order; most are merge keys of the Kubernetes API."""

_FORM = "1"
_ANY = "*"
_LINE_WORDS = regex(r"\b(lines?|columns?|document) \d+\b")
_PLACE = regex(r"(?<=[\w.]):\d+(?::\d+)?\b")
_INDEX = regex(r"\[\d+\]")
_SPACE = regex(r"\s+")
VERSIONS = regex(r"\bKubernetes v?1\.\d+(?:(?:, | and )v?1\.\d+)*")
"""The Kubernetes versions that a message names; the same fault in several versions is one."""


def fingerprint(finding: Finding, sources: Sources) -> str:
    """128 bits in hexadecimal digits. Namespace and API version are left out: overlays set them,
    and the same fault of a base seen through several overlays is one. Of a fault that moves only
    the object and the last name on the way count, and no path."""
    ref, moves = finding.object, finding.moves
    place = "" if moves else finding.location.path
    identity = [ref.group, ref.kind, ref.name] if ref else ["", "", place]
    said = finding.key or normalised(finding.message)
    if moves:
        way = [step for step in finding.location.route if isinstance(step, str)][-1:]
    else:
        way = canonical_route(finding.location, sources)
    parts = [_FORM, finding.rule.id, identity, way, said]
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    import hashlib  # loads OpenSSL: only a faulty object pays

    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@lru_cache(4096)
def normalised(message: str) -> str:
    """The message without what changes when nothing changes: places, list indices, Kubernetes
    versions, white space."""
    text = VERSIONS.sub("Kubernetes", message)
    text = _INDEX.sub("[]", _PLACE.sub("", _LINE_WORDS.sub(r"\1", text)))
    return _SPACE.sub(" ", text).strip()


def canonical_route(location: Location, sources: Sources) -> list[str]:
    """The route with each list index replaced by what identifies the item, else by `*`."""
    source = sources(location.path) if any(isinstance(s, int) for s in location.route) else None
    documents = source.documents if source else ()
    value: Any = documents[location.document].value if location.document < len(documents) else None
    return _canonical(value, location.route)


def _canonical(value: Any, route: Route) -> list[str]:
    result = []
    for step in route:
        if isinstance(step, str):
            result.append(step)
            value = value.get(step) if isinstance(value, dict) else None
        else:
            inside = isinstance(value, list) and 0 <= step < len(value)
            value = value[step] if inside else None
            result.append(_item_name(value))
    return result


def _item_name(item: Any) -> str:
    if isinstance(item, dict):
        for key in ITEM_KEYS:
            if isinstance(item.get(key), (str, int)):
                return f"[{key}={item[key]}]"
    return f"[{item}]" if isinstance(item, str) else f"[{_ANY}]"
