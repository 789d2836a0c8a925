"""Holds: an app stays where it is in an environment until it is said how it may move again.

They live in `.gitops-ci/holds.yaml` on the base branch, a list of entries:

    - environment: prod
      app: web
      version: docker.io/shop/web 1.4.0
      reason: checkout broke
      by: ada
      until: until-newer

`until-newer` turns the named versions and older ones away and ends with the first newer one;
`manual` and a moment turn everything away. `released` is the opposite: somebody lifted what the
history alone would hold (see `downgrades.py`). `environment` and `app` are globs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Struct

from gitops_ci.config import rules as config_rules
from gitops_ci.config.decode import Decoder
from gitops_ci.config.globs import name_matches
from gitops_ci.config.kinds import near
from gitops_ci.config.places import DocumentPlaces
from gitops_ci.config.setting import Setting
from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Route
from gitops_ci.promote.versions.semver import is_older

PATH = ".gitops-ci/holds.yaml"
NEWER, MANUAL, RELEASED = "until-newer", "manual", "released"

Named = tuple[str, str]
"""What something is called and its version, such as (docker.io/shop/web, 1.4.0); the name is empty
where nobody told."""


class HoldEntry(Struct, frozen=True):
    """One entry as written."""

    environment: Annotated[str, Setting("Where.", required=True, kind="glob")] = ""
    app: Annotated[str, Setting("Which app.", kind="glob")] = "*"
    version: Annotated[
        tuple[str, ...], Setting("What is turned away, each with its name.", kind="word-or-list")
    ] = ()
    reason: Annotated[str, Setting("Why.", required=True, kind="filled")] = ""
    by: Annotated[str, Setting("Who decided it.")] = ""
    until: Annotated[str | datetime, Setting("When it ends.", kind="hold-end")] = NEWER


class Hold(Struct, frozen=True):
    """One hold. `mode` is `until-newer`, `manual`, `released`, or empty where `until` tells the
    moment of its end. `implied` says that nobody wrote it: the history shows that somebody went
    back."""

    environment: str
    app: str
    versions: tuple[Named, ...]
    reason: str
    by: str = ""
    mode: str = NEWER
    until: datetime | None = None
    location: Location | None = None
    implied: bool = False

    def concerns(self, app: str, environment: str) -> bool:
        """Whether the hold is about the app there."""
        return name_matches(self.environment, environment) and name_matches(self.app, app)

    def bars(
        self, versions: Iterable[Named], now: datetime, overtaken: Collection[Named] = ()
    ) -> bool:
        """Whether the hold keeps `versions` out. `overtaken` are those that history knows to have
        come after them: where one of them is turned away, what came before is, too."""
        if self.mode == MANUAL:
            return True
        if self.mode == NEWER:
            coming = tuple(versions)
            return any(_is_turned_away(old, coming, overtaken) for old in self.versions)
        return self.until is not None and now < self.until

    @property
    def end(self) -> str:
        """How it ends, for people."""
        if self.mode == NEWER:
            return f"until something newer than {self.names}"
        if self.mode == MANUAL:
            return "until somebody lifts it"
        return f"until {self.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if self.until else "lifted"

    @property
    def names(self) -> str:
        """The versions, for people."""
        return ", ".join(version for _, version in self.versions) or "what stands there"


class Holds(Struct, frozen=True):
    """The holds of one state of the base; `findings` are the faults of the file, with which
    nothing may move."""

    items: tuple[Hold, ...] = ()
    findings: tuple[Finding, ...] = ()

    def joined(self, other: Holds) -> Holds:
        """Both together."""
        return Holds((*self.items, *other.items), (*self.findings, *other.findings))

    def held(
        self,
        app: str,
        environment: str,
        versions: Iterable[Named],
        now: datetime,
        overtaken: Collection[Named] = (),
    ) -> Hold | None:
        """The hold that keeps `versions` of the app out of the environment; None when there is
        none. See `Hold.bars`."""
        coming = tuple(versions)
        return next((h for h in self.of(app, environment) if h.bars(coming, now, overtaken)), None)

    def of(self, app: str, environment: str) -> Iterator[Hold]:
        """Every hold about the app there, also those that have ended, the written ones first."""
        return (hold for hold in self.items if hold.concerns(app, environment))

    def releases(self, app: str, environment: str, versions: Iterable[Named]) -> bool:
        """Whether somebody lifted what the history holds: `versions` are named as released, or no
        version is."""
        wanted = set(versions)
        return any(
            hold.mode == RELEASED and (not hold.versions or wanted <= set(hold.versions))
            for hold in self.of(app, environment)
        )


def read_holds(source: SourceFile | None, environments: Collection[str] = ()) -> Holds:
    """The holds in the parsed file; None for a file that is not there. Where `environments` are
    known, an entry that means none of them is a fault."""
    if source is None:
        return Holds()
    holds: list[Hold] = []
    findings = [item for item in source.problems if item.severity >= Severity.ERROR]
    for document in source.documents:
        if document.value is None:
            continue
        places = DocumentPlaces(source, document.index)
        if not isinstance(document.value, list):
            message = "holds are a list of entries"
            place = places.place(())
            findings.append(found(config_rules.WRONG_TYPE, message, place, hint="begin with `- `"))
            continue
        for index, value in enumerate(document.value):
            decoder = Decoder(places)
            entry = decoder.section(HoldEntry, value, (index,))
            faults = [*decoder.findings, *_faults(entry, places, (index,), environments)]
            findings += faults
            if not faults:
                holds.append(_hold(entry, places.place((index,))))
    return Holds(tuple(holds), tuple(findings))


def _hold(entry: HoldEntry, place: Location) -> Hold:
    mode, until = (entry.until, None) if isinstance(entry.until, str) else ("", entry.until)
    versions = tuple(named(text) for text in entry.version)
    return Hold(entry.environment, entry.app, versions, entry.reason, entry.by, mode, until, place)


def named(text: str) -> Named:
    """The name and version that `NAME VERSION` or `VERSION` spells."""
    name, _, version = text.strip().rpartition(" ")
    return name.strip(), version


def spelled(version: Named) -> str:
    """The text that `named` reads back."""
    return f"{version[0]} {version[1]}".strip()


def _faults(
    entry: HoldEntry, places: DocumentPlaces, route: Route, environments: Collection[str]
) -> Iterator[Finding]:
    if entry.until == NEWER and not entry.version:
        message = "a hold until something newer has to name a version"
        hint = "add `version`, or `until: manual`"
        yield found(config_rules.MISSING_KEY, message, places.place(route), hint=hint)
    known = any(name_matches(entry.environment, name) for name in environments)
    if entry.environment and environments and not known:
        message = f"there is no environment '{entry.environment}'"
        place = places.place((*route, "environment"))
        hint = near(entry.environment, sorted(environments))
        yield found(config_rules.UNKNOWN_ENVIRONMENT, message, place, hint=hint)


def _is_turned_away(old: Named, coming: tuple[Named, ...], overtaken: Collection[Named]) -> bool:
    same = [version for name, version in coming if not old[0] or name == old[0]]
    later = [version for name, version in overtaken if not old[0] or name == old[0]]
    if any(is_same_version(old[1], version) for version in (*same, *later)):
        return True
    tag = _tag(old[1])
    older = any(is_older(_tag(version), tag) is True for version in same)
    newer = any(is_older(tag, _tag(version)) is True for version in same)
    return older and not newer


def is_same_version(one: str, other: str) -> bool:
    """The same digest, or the same tag where not both have a digest: a tag that was built again is
    not known to be better, unless its digest differs and somebody pinned it."""
    (tag, digest), (other_tag, other_digest) = _parts(one), _parts(other)
    if digest and other_digest:
        return digest == other_digest
    return bool(tag) and tag == other_tag


def _tag(version: str) -> str:
    return _parts(version)[0]


def _parts(version: str) -> tuple[str, str]:
    tag, at, digest = version.partition("@")
    return (tag, digest) if at else ("", tag) if tag.startswith("sha") and ":" in tag else (tag, "")
