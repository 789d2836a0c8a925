"""A freeze: nothing moves into some environments, or into any, whatever it is.

The file (`freeze.file`, by default `.gitops-ci/FREEZE`) on the tip of the base, or the variable
(`freeze.variable`), holds either plain text, which freezes everything and is the reason, or
entries, each of which freezes what it names:

    - environment: [prod]
      reason: the sale
      by: ada
      until: 2026-11-30

A text of nothing but names of environments freezes those. An empty file freezes everything. The
variable freezes nothing when it is empty or says no.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import fields

from gitops_ci.config import rules as config_rules
from gitops_ci.config.decode import Decoder
from gitops_ci.config.globs import name_matches
from gitops_ci.config.kinds import near
from gitops_ci.config.places import DocumentPlaces
from gitops_ci.config.setting import Setting
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.span import Location, Route

_NOT = frozenset({"", "0", "false", "no", "off", "none", "null"})
_MOST_REASON = 300


class FreezeEntry(Struct, frozen=True):
    """One entry as written."""

    environment: Annotated[
        tuple[str, ...], Setting("Where; everywhere when empty.", kind="word-or-list")
    ] = ()
    reason: Annotated[str, Setting("Why.")] = ""
    by: Annotated[str, Setting("Who decided it.")] = ""
    until: Annotated[datetime | None, Setting("When it ends.", kind="moment")] = None


_KEYS = frozenset(item.name for item in fields(FreezeEntry))


class Freeze(Struct, frozen=True):
    """One freeze of `environments`, of all when that is empty; `until` None means until somebody
    lifts it."""

    environments: tuple[str, ...] = ()
    reason: str = ""
    by: str = ""
    until: datetime | None = None
    location: Location | None = None

    def covers(self, environment: str, now: datetime) -> bool:
        """Whether the environment is frozen by it now."""
        named = not self.environments or any(
            name_matches(glob, environment) for glob in self.environments
        )
        return named and (self.until is None or now < self.until)

    @property
    def end(self) -> str:
        """How it ends, for people."""
        if self.until is None:
            return "until somebody lifts it"
        return f"until {self.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


class Freezes(Struct, frozen=True):
    """What is frozen; `findings` are faults of the file, with which nothing may move."""

    items: tuple[Freeze, ...] = ()
    findings: tuple[Finding, ...] = ()

    def frozen(self, environment: str, now: datetime) -> Freeze | None:
        """The freeze that covers the environment now, None when there is none."""
        return next((item for item in self.items if item.covers(environment, now)), None)

    def joined(self, other: Freezes) -> Freezes:
        """Both together."""
        return Freezes((*self.items, *other.items), (*self.findings, *other.findings))


def read_freeze(path: str, data: bytes | None, environments: Collection[str] = ()) -> Freezes:
    """What the file `path` with the bytes `data` freezes; None for one that is not there."""
    if data is None:
        return Freezes()
    source = read(path, data)
    entries = _entries(source)
    if entries is None:
        return Freezes((_plain(data.decode("utf-8", "replace"), path, environments),))
    places = DocumentPlaces(source, source.documents[0].index)
    freezes, findings = [], []
    for route, value in entries:
        decoder = Decoder(places)
        entry = decoder.section(FreezeEntry, value, route)
        place = places.place(route or (next(iter(value)),))
        findings += [*decoder.findings, *_faults(entry, places, route, environments)]
        freezes.append(Freeze(entry.environment, entry.reason, entry.by, entry.until, place))
    return Freezes(tuple(freezes), tuple(findings))


def read_variable(name: str, text: str | None, environments: Collection[str] = ()) -> Freezes:
    """What the variable `name` freezes, which may be unset (None)."""
    if text is None or text.strip().lower() in _NOT:
        return Freezes()
    return read_freeze(f"${name}", text.encode("utf-8", "surrogateescape"), environments)


def _entries(source: SourceFile) -> list[tuple[Route, dict[str, Any]]] | None:
    """The entries with their routes; None for plain text, which is everything that is not clearly
    meant as entries: prose with a colon is a mapping, too."""
    if len(source.documents) != 1:
        return None
    value = source.documents[0].value
    if isinstance(value, dict):
        return [((), value)] if _KEYS & set(value) else None
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return [((index,), item) for index, item in enumerate(value)]
    return None


def _plain(text: str, path: str, environments: Collection[str]) -> Freeze:
    words = text.replace(",", " ").split()
    names = tuple(words) if words and set(words) <= set(environments) else ()
    reason = "" if names else " ".join(words)[:_MOST_REASON]
    return Freeze(names, reason, location=Location(path))


def _faults(
    entry: FreezeEntry, places: DocumentPlaces, route: Route, environments: Collection[str]
) -> Iterator[Finding]:
    for glob in entry.environment if environments else ():
        if not any(name_matches(glob, name) for name in environments):
            message = f"there is no environment '{glob}'"
            place = places.place((*route, "environment"))
            hint = near(glob, sorted(environments))
            yield found(config_rules.UNKNOWN_ENVIRONMENT, message, place, hint=hint)
