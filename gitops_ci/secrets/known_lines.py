"""What lines say, each looked at once: the files of a repository repeat each other, and a line says
the same wherever it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import accumulate

from msgspec import Struct

from gitops_ci.secrets.prefilter import Hits
from gitops_ci.secrets.source_text import SourceText
from gitops_ci.secrets.telling import SIGNS, Telling, has_sign, most, telling

Shows = Callable[[SourceText, frozenset[str]], bool]
"""Whether a text, which holds those words, shows a secret on any of its lines."""

_BATCH = 60_000
"""So much is searched at once (bytes): less than what any search gives up after."""
_LONGEST = 256
"""Longer lines hardly come twice and are not remembered (bytes)."""
_MOST = 2**16
_MOST_TOLD = 1000
"""Where so many lines tell something, the others need not be read to say that it is worth it."""
_SIGNS = frozenset(SIGNS)


class Saying(Struct, frozen=True, eq=False):
    """What one line says: which of the words it holds, and what they tell. One object for all lines
    that say the same."""

    words: frozenset[str]
    telling: Telling


class Said(Struct, frozen=True):
    """What the lines of a file say, one after the other (None: nothing), and all their words.
    `shows` is false when no line shows a secret by itself."""

    lines: tuple[Saying | None, ...]
    words: frozenset[str]
    shows: bool


class KnownLines:
    """The lines that were looked at. `words` searches for all words that matter; `names` are those
    of them of which a line that tells something has one; none where no document is read."""

    def __init__(self, words: Hits, names: frozenset[str], shows: Shows) -> None:
        self._words, self._names, self._shows = words, names, shows
        self._known: dict[bytes, Saying | None] = {}
        self._sayings: dict[tuple[frozenset[str], Telling], Saying] = {}

    def said(self, source: SourceText) -> Said:
        """What the lines of a file say; lines in which something shows are looked at each time."""
        lines = source.data.split(b"\n")
        fresh = [line for line in dict.fromkeys(lines) if line not in self._known]
        shows = False
        for batch in _batches(fresh):
            shows = self._learn(batch, source.path) or shows
        said = tuple(map(self._known.__getitem__, lines))
        for line in fresh:
            if shows or len(line) > _LONGEST:
                del self._known[line]
        if len(self._known) > _MOST:
            self._known.clear()
        held = (saying.words for saying in set(said) if saying is not None)
        return Said(said, frozenset().union(*held), shows)

    def _learn(self, lines: list[bytes], path: str) -> bool:
        """Look at lines that are new; whether one of them shows a secret."""
        text = SourceText(path, b"\n".join(lines))
        words = self._words(text.lower)
        self._known.update(dict.fromkeys(lines))
        if words:
            self._learn_words(lines, text, words)
        return self._shows(text, words)

    def _learn_words(self, lines: list[bytes], text: SourceText, words: frozenset[str]) -> None:
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        held: dict[int, set[str]] = defaultdict(set)
        for word in words:
            for start, _ in text.places_of(word):
                held[bisect_right(starts, start) - 1].add(word)
        told: dict[int, Telling] = {}
        surely = 0
        for line in text.lines_with(words & self._names):
            number = bisect_right(starts, line.start) - 1
            says = telling(line.text) if surely < _MOST_TOLD else Telling.SURELY
            told[number] = most(told.get(number, Telling.NO), says)
            surely += says is Telling.SURELY
        for number, own in held.items():
            saying = told.get(number, Telling.NO)
            signs = _SIGNS & own
            if signs and has_sign(lines[number].decode("utf-8", "replace"), signs):
                saying = Telling.SURELY
            self._known[lines[number]] = self._saying(frozenset(own), saying)

    def _saying(self, words: frozenset[str], told: Telling) -> Saying:
        return self._sayings.setdefault((words, told), Saying(words, told))


def _batches(lines: list[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for line in lines:
        if size + len(line) > _BATCH and batch:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
    if batch:
        yield batch
