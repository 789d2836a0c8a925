"""The globs of `directory.include` and `directory.exclude`: gobwas/glob without separators, so
that `*` matches `/` too, with `{a,b}` alternatives."""

from __future__ import annotations

import re
from functools import lru_cache

from gitops_ci.model.regex import regex

_TOKEN = regex(r"\*\*|\*|\?|\[!?[^\]]+\]|\{|\}|,|\\.|.", re.DOTALL)
_FIXED = {"**": ".*", "*": ".*", "?": "."}


@lru_cache(256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    parts: list[str] = []
    depth = 0
    for part in _TOKEN.findall(pattern):
        if part in _FIXED:
            parts.append(_FIXED[part])
        elif part.startswith("[") and len(part) > 1:
            parts.append(part.replace("[!", "[^"))
        elif part == "{":
            depth += 1
            parts.append("(?:")
        elif part == "}" and depth:
            depth -= 1
            parts.append(")")
        elif part == "," and depth:
            parts.append("|")
        else:
            parts.append(re.escape(part[-1]))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:
        return None


def matches(pattern: str, path: str) -> bool:
    """Whether the whole path matches; an invalid pattern matches nothing, as in Argo CD."""
    compiled = _compiled(pattern)
    return compiled is not None and compiled.fullmatch(path) is not None
