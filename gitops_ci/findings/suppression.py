"""A decision that a fault may stay, wherever it is written: exception, comment or annotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from typing import Protocol

from msgspec import Struct

from gitops_ci.config.subjects import Subject
from gitops_ci.model.finding import Finding, ObjectRef
from gitops_ci.model.span import Location

Identity = tuple[str, ...]
ANYWHERE = None
"""The place of a scope that only looking at the finding can tell."""

_LONGEST_SPAN = 200
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


class Scope(Protocol):
    """What a suppression covers."""

    @property
    def place(self) -> Hashable:
        """Where it covers anything at all: one of what `places_of` tells of a finding."""
        ...

    def covers(self, finding: Finding, subject: Subject, /) -> bool:
        """Whether the finding lies inside, its rule apart."""
        ...


class LineScope(Struct, frozen=True):
    """The entry on one line of a file."""

    path: str
    line: int

    @property
    def place(self) -> Hashable:
        """The line."""
        return (self.path, self.line)

    def covers(self, finding: Finding, _subject: Subject, /) -> bool:
        """Whether the finding starts on the line, or its span crosses it."""
        span = finding.location.span
        here = finding.location.path == self.path and span is not None
        return here and span is not None and span.line <= self.line <= span.end_line


class FileScope(Struct, frozen=True):
    """A whole file."""

    path: str

    @property
    def place(self) -> Hashable:
        """The file."""
        return self.path

    def covers(self, finding: Finding, _subject: Subject, /) -> bool:
        """Whether the finding lies in the file."""
        return finding.location.path == self.path


class ObjectScope(Struct, frozen=True):
    """An object as one root renders it; `root` is empty for a file that is not rendered. With a
    `container` only what lies in the container of that name."""

    object: ObjectRef
    root: str = ""
    container: str = ""

    @property
    def place(self) -> Hashable:
        """The object."""
        return self.object

    def covers(self, finding: Finding, _subject: Subject, /) -> bool:
        """Whether the finding is about the object, seen through the same root."""
        here = finding.object == self.object and (not self.root or finding.root == self.root)
        return here and (not self.container or self._inside(finding.key))

    def _inside(self, key: str) -> bool:
        """Whether a canonical route, in which list items bear their names, leads into the
        container."""
        steps = key.split(".")
        return any(f"{name}[{self.container}]" in steps for name in _CONTAINERS)


def places_of(finding: Finding) -> Iterator[Hashable]:
    """The places of a finding, under which a suppression that covers it is found."""
    path, span = finding.location.path, finding.location.span
    yield ANYWHERE
    yield path
    if finding.object is not None:
        yield finding.object
    if span is not None:
        last = min(span.end_line, span.line + _LONGEST_SPAN)
        yield from ((path, line) for line in range(span.line, last + 1))


class Suppression(Struct, frozen=True):
    """One rule that may be broken somewhere, and why.

    `kind` is `exception`, `comment` or `annotation`. `anchor` is what it hangs on besides its
    file, such as the text of its line: moved elsewhere, a suppression is another one. `until` is
    the last day it holds; None means that it has no end.
    """

    kind: str
    rule: str
    reason: str
    scope: Scope
    location: Location
    anchor: str = ""
    owner: str = ""
    until: date | None = None

    @property
    def identity(self) -> Identity:
        """What stays the same while nobody changes the suppression; no line numbers."""
        return (self.kind, self.rule, self.location.path, self.anchor, self.reason)

    @property
    def shown(self) -> str:
        """The words for a report."""
        owner = f", {self.owner}" if self.owner else ""
        return f"{self.kind}{owner}: {self.reason}"


class Collected(Struct, frozen=True):
    """The suppressions of some place, and what is wrong with those that do not count."""

    suppressions: tuple[Suppression, ...] = ()
    findings: tuple[Finding, ...] = ()


def split_by_trust(
    head: Iterable[Suppression], base: Iterable[Suppression]
) -> tuple[tuple[Suppression, ...], tuple[Suppression, ...]]:
    """Those of `head` that stand in `base` too, each as often as it stands there; and those that
    the change adds."""
    left = Counter(item.identity for item in base)
    trusted, added = [], []
    for item in head:
        if left[item.identity] > 0:
            left[item.identity] -= 1
            trusted.append(item)
        else:
            added.append(item)
    return tuple(trusted), tuple(added)
