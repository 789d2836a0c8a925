"""Which of many words a file holds, in one pass that is linear in its size.

With the `fast` extra RE2 looks for all words, without it the standard library. Both give the same
answer.
"""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

Hits = Callable[[bytes], frozenset[str]]
"""The words that lower-cased UTF-8 text holds."""


def prefilter(words: Iterable[str], *, plain: bool = False) -> Hits:
    """A search for `words` (lower case); `plain` asks for the one without RE2."""
    unique = tuple(sorted(set(words)))
    library = None if plain else re2_library()
    return _with_one_pattern(unique) if library is None else _together(unique, library)


def re2_library() -> Any:
    """The RE2 module, None when it is not installed."""
    try:
        return importlib.import_module("re2")  # it has no types
    except ImportError:
        return None


def linear_pattern(pattern: str | bytes) -> Any:
    """The pattern compiled by RE2, which matches in linear time; None when RE2 is not installed or
    does not take it."""
    library = re2_library()
    if library is None:
        return None
    options = library.Options()
    options.log_errors = False
    try:
        return library.compile(pattern, options)
    except library.error:
        return None


def _with_one_pattern(words: tuple[str, ...]) -> Hits:
    """Looks at every place for the longest word that begins there; the words that are its
    beginnings are there too."""
    pattern = re.compile(f"(?=({_alternatives(words)}))".encode())
    known = frozenset(words)
    within = {
        word.encode(): frozenset(word[:size] for size in range(1, len(word) + 1)) & known
        for word in words
    }

    def hits(data: bytes) -> frozenset[str]:
        found = set(pattern.findall(data))
        return frozenset().union(*(within[word] for word in found)) if found else frozenset()

    return hits


def _alternatives(words: Iterable[str]) -> str:
    """A pattern for the words that branches once for each character, so that few are compared."""
    branches: dict[str, list[str]] = defaultdict(list)
    ends = False
    for word in words:
        if word:
            branches[word[0]].append(word[1:])
        else:
            ends = True
    if not branches:
        return ""
    parts = [re.escape(first) + _alternatives(rest) for first, rest in sorted(branches.items())]
    single = len(parts) == 1 and not ends
    return parts[0] if single else f"(?:{'|'.join(parts)}){'?' if ends else ''}"


def _together(words: tuple[str, ...], library: Any) -> Hits:
    options = library.Options()
    options.encoding = library.Options.Encoding.LATIN1
    options.literal = True
    options.max_mem = 64 * 2**20
    words_set = library.Set.SearchSet(options)
    for word in words:
        words_set.Add(word.encode())
    words_set.Compile()
    match = words_set.Match
    return lambda data: frozenset([words[index] for index in match(data) or ()])
