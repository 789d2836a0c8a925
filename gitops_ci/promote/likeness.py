"""Earlier texts of a file that differ from a text which was read in nothing but versions.

Most commits of a GitOps repository change one tag. What such a text says follows from the text
beside it, without parsing: everything between the versions is the same, and the versions are
spelt so that YAML reads them as text in any dialect, quoted or not. Everything else is read anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import span_of
from gitops_ci.documents.text import decode
from gitops_ci.model.image import InvalidReferenceError, Version, parse_version
from gitops_ci.model.regex import regex
from gitops_ci.promote.state import Pin
from gitops_ci.promote.survey import Reading
from gitops_ci.repo.sites.model import Address, Part, Role, Site, Subject

_WORD = r"(?:v?\d+\.\d+\.\d+[\w.-]*|[A-Za-z][\w.-]*\d[\w.-]*|(?!0)(?=\d*[a-df])[0-9a-f]{7,40})"
"""Tags that no YAML parser takes for a number, a date or a truth value."""
_DIGEST = "sha256:[0-9a-f]{64}"
_VERSIONED = (Role.TAG, Role.DIGEST, Role.REFERENCE)
_RUN = regex(r"[\w.@:-]+", re.ASCII)
_FORMS = tuple(regex(f"{form}\\Z", re.ASCII) for form in (_WORD, f"{_WORD}@{_DIGEST}", _DIGEST))
_MOST = 3
"""So many texts of a file are kept to compare with; what is like none of them is read."""

_Versions = Mapping[Address, tuple[str, str]]
"""The old and the new text of a version by the scalar that it stands in."""


class _Cut(Struct, frozen=True):
    """Where a version stands in a text, and its form."""

    start: int
    end: int
    at: Address
    form: re.Pattern[str]


class _Like(Struct, frozen=True):
    """A text that was read: its versions are cut out of it."""

    text: str
    cuts: tuple[_Cut, ...]
    readings: tuple[tuple[Reading, Pin], ...]

    def read(self, text: str) -> tuple[Reading, ...] | None:
        """What `text` says; None when it differs in more than versions."""
        found: dict[Address, tuple[str, str]] = {}
        done = position = 0
        for cut in self.cuts:
            between = self.text[done : cut.start]
            run = _RUN.match(text, position + len(between))
            if run is None or not text.startswith(between, position):
                return None
            if not cut.form.match(run[0]):
                return None
            found[cut.at] = (self.text[cut.start : cut.end], run[0])
            done, position = cut.end, run.end()
        if text[position:] != self.text[done:]:
            return None
        try:
            return tuple((place, _moved(pin, found)) for (place, _), pin in self.readings)
        except InvalidReferenceError:
            return None


class Likenesses:
    """The texts of files that were read so far."""

    def __init__(self) -> None:
        self._fresh: dict[str, tuple[SourceFile, Sequence[Reading]]] = {}
        self._known: dict[str, list[_Like]] = defaultdict(list)

    def learn(self, source: SourceFile, readings: Sequence[Reading]) -> None:
        """Remember what a text says."""
        if readings and len(self._known[source.path]) < _MOST:
            self._fresh[source.path] = (source, readings)

    def read(self, path: str, data: bytes) -> tuple[Reading, ...] | None:
        """What the file says with the text `data`; None when that has to be read."""
        fresh = self._fresh.pop(path, None)
        if fresh is not None:
            like = _like(*fresh)
            self._known[path] += [like] if like else []
        known = self._known.get(path)
        if not known:
            return None
        try:
            text = decode(data)
        except UnicodeDecodeError:
            return None
        return next((found for like in known if (found := like.read(text)) is not None), None)


def _like(source: SourceFile, readings: Sequence[Reading]) -> _Like | None:
    """The text with its versions cut out; None where that would say too little."""
    pins = [(reading, reading[1]) for reading in readings if isinstance(reading[1], Pin)]
    text = decode(source.data)
    if len(pins) < len(readings) or "&" in text or source.path.endswith(".json"):
        return None
    cuts: dict[Address, _Cut] = {}
    for _, pin in pins:
        for cut in _cuts(source, text, pin.site):
            if cut is None or cuts.setdefault(cut.at, cut) != cut:
                return None
    ordered = tuple(sorted(cuts.values(), key=lambda cut: cut.start))
    return _Like(text, ordered, tuple(pins)) if ordered else None


def _cuts(source: SourceFile, text: str, site: Site) -> Iterator[_Cut | None]:
    """Where the versions of an image stand; None for one that cannot be cut out."""
    if site.subject is not Subject.IMAGE:
        yield None
        return
    for part in site.parts:
        version = _version_in(part, site)
        if not version:
            continue
        location = span_of(source, part.at.document, part.at.route)
        span = location.span if location is not None and not part.at.within else None
        form = next((form for form in _FORMS if form.match(version)), None)
        written = text[span.start : span.end] if span is not None else ""
        if span is None or form is None or written.count(version) != 1:
            yield None
            return
        start = span.start + written.index(version)
        yield _Cut(start, start + len(version), part.at, form)


def _version_in(part: Part, site: Site) -> str:
    if part.role is Role.REFERENCE:
        return str(site.version)
    return part.text if part.role in _VERSIONED else ""


def _moved(pin: Pin, versions: _Versions) -> Pin:
    """The pin as it is with other versions. Raises InvalidReferenceError."""
    version, parts = pin.version, list(pin.site.parts)
    for number, part in enumerate(parts):
        if part.role not in _VERSIONED or part.at not in versions:
            continue
        old, new = versions[part.at]
        own = parse_version(new)
        version = Version(own.tag or version.tag, own.digest or version.digest)
        parts[number] = replace(part, text=part.text.replace(old, new))
    site = replace(pin.site, version=version, parts=tuple(parts))
    return replace(pin, version=version, site=site)
