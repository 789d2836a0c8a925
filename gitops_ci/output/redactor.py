"""Registered secrets never leave the process, in any form that output commonly takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.model.regex import regex

MASK = "***"
SHORTEST = 4
"""Values below this many characters are not secrets that could be told from ordinary text."""
_GRAM = SHORTEST
_FEW = 100
_PERCENT = regex("%[0-9A-F]{2}")
_LITERALS = frozenset({"true", "false", "null", "none"})


class Redactor:
    """Replaces every registered value, and its base64, hexadecimal, URL, JSON, XML and
    percent-escaped forms, by `***`. With nothing registered it costs one comparison."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._forms: dict[str, tuple[str, ...]] = {}
        self._known: set[str] = set()
        for value in values:
            self.register(value)

    def register(self, value: str) -> None:
        """Hide `value` and each of its lines from now on. Ignored: values shorter than SHORTEST
        and the words and small numbers that every report holds."""
        for part in {value, value.strip(), *value.splitlines()}:
            if part in self._known or not _worth_hiding(part.strip()):
                continue
            self._known.add(part)
            for form in set(_forms(part)):
                first = form[:_GRAM]
                ordered = sorted({*self._forms.get(first, ()), form}, key=len, reverse=True)
                self._forms[first] = tuple(ordered)

    def text(self, text: str) -> str:
        """`text` without any registered value."""
        if not self._forms:
            return text
        parts, done = [], 0
        for start, end in self._hits(text):
            parts += [text[done:start], MASK]
            done = end
        return "".join([*parts, text[done:]]) if parts else text

    def data(self, data: bytes) -> bytes:
        """`data` without any registered value; all other bytes stay as they are."""
        if not self._forms:
            return data
        return self.text(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _hits(self, text: str) -> Iterator[tuple[int, int]]:
        """Disjoint ranges to hide, in order; overlapping hits are joined."""
        start = end = -1
        forms = self._forms
        for place in self._places(text):
            candidates = forms.get(text[place : place + _GRAM], ())
            size = next((len(form) for form in candidates if text.startswith(form, place)), 0)
            if not size:
                continue
            if place > end:
                if end > 0:
                    yield start, end
                start = place
            end = max(end, place + size)
        if end > 0:
            yield start, end

    def _places(self, text: str) -> Iterable[int]:
        """Where a form may begin, in order. Searching for each beginning is faster as long as they
        are few; the work stays linear in the text when they are many."""
        if len(self._forms) > _FEW:
            return range(len(text) - _GRAM + 1)
        places: set[int] = set()
        for gram in self._forms:
            place = text.find(gram)
            while place >= 0:
                places.add(place)
                place = text.find(gram, place + 1)
        return sorted(places)


def _worth_hiding(value: str) -> bool:
    if len(value) < SHORTEST or value.lower() in _LITERALS:
        return False
    return not (value.isdigit() and len(value) < 6)


def _forms(value: str) -> Iterator[str]:
    import json  # most runs register nothing
    from urllib.parse import quote, quote_plus

    data = value.encode("utf-8", "surrogateescape")
    yield value
    yield from _base64_forms(data)
    yield data.hex()
    yield data.hex().upper()
    for quoted in (quote(data, safe=""), quote(data), quote_plus(data)):
        yield quoted
        yield _PERCENT.sub(lambda match: match.group().lower(), quoted)
        yield quoted.replace("%", "%25")
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    xml = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    yield xml
    yield xml.replace('"', "&quot;")
    yield value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _base64_forms(data: bytes) -> Iterator[str]:
    """The encoded value by itself, and the characters that it alone decides at each of the three
    places in a group of three bytes where it can begin inside a longer text; both alphabets."""
    import base64  # most runs register nothing

    for whole in (base64.b64encode(data), base64.urlsafe_b64encode(data)):
        yield whole.decode("ascii")
        yield whole.decode("ascii").rstrip("=")
    for lead in range(3):
        encoded = base64.b64encode(b"\0" * lead + data).decode("ascii")
        first = -(-lead * 8 // 6)
        last = (lead + len(data)) * 8 // 6
        core = encoded[first:last]
        if len(core) >= SHORTEST:
            yield core
            yield core.replace("+", "-").replace("/", "_")
