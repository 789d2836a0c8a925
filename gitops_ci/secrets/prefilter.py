"""Which of many words a file holds, in one pass that is linear in its size.

With the `fast` extra RE2 looks for all words at once; without it each word is searched for by
itself. Both look at ASCII letters without case and give the same answer.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from typing import Any

Hits = Callable[[bytes], frozenset[str]]
"""The words that lower-cased UTF-8 text holds."""


def prefilter(words: Iterable[str], *, plain: bool = False) -> Hits:
    """A search for `words` (lower case); `plain` asks for the one without RE2."""
    unique = tuple(sorted(set(words)))
    library = None if plain else re2_library()
    return _one_by_one(unique) if library is None else _together(unique, library)


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


def _one_by_one(words: tuple[str, ...]) -> Hits:
    encoded = tuple((word, word.encode()) for word in words)
    return lambda data: frozenset(word for word, text in encoded if text in data)


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
