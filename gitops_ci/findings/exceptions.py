"""Exceptions: findings that somebody owns, with a reason and an end.

A file under `exceptions.files` holds one exception, a list of them, or several documents of either
kind. Each needs `rule`, `match`, `reason`, `owner` and `expires` (the last day it holds, UTC).
"""

from __future__ import annotations

import posixpath
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from typing import Annotated, Any

from msgspec import Struct, field
from msgspec.structs import fields

from gitops_ci.config import rules as config_rules
from gitops_ci.config.decode import Decoder
from gitops_ci.config.globs import Globs, name_matches
from gitops_ci.config.places import DocumentPlaces
from gitops_ci.config.setting import Setting
from gitops_ci.config.subjects import Subject
from gitops_ci.documents.document import SourceFile
from gitops_ci.findings import rules
from gitops_ci.findings.ending import Ending, ending
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.findings.suppression import ANYWHERE, Collected, Suppression
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Route


class ExceptionMatch(Struct, frozen=True):
    """What an exception covers: everything that is written has to match. All are globs."""

    kind: Annotated[str, Setting("Kind of the object.", kind="glob")] = ""
    name: Annotated[str, Setting("Name of the object.", kind="glob")] = ""
    namespace: Annotated[str, Setting("Namespace of the object.", kind="glob")] = ""
    environment: Annotated[str, Setting("Name of the environment.", kind="glob")] = ""
    app: Annotated[str, Setting("Name of the app.", kind="glob")] = ""
    group: Annotated[str, Setting("Name of the group.", kind="glob")] = ""
    path: Annotated[str, Setting("Path of the file or its root.", kind="glob")] = ""

    @property
    def place(self) -> Hashable:
        """Anywhere: only the subject tells."""
        return ANYWHERE

    def covers(self, _finding: Finding, subject: Subject, /) -> bool:
        """Whether the subject matches everything that is written."""
        named = (
            (self.kind, subject.kind),
            (self.name, subject.name),
            (self.namespace, subject.namespace),
            (self.environment, subject.environment),
            (self.app, subject.app),
        )
        return (
            all(not glob or name_matches(glob, name) for glob, name in named)
            and (not self.group or subject.in_group(self.group))
            and (not self.path or subject.has_path(self.path))
        )


class ExceptionEntry(Struct, frozen=True):
    """One exception as written."""

    rule: Annotated[str, Setting("The rule that may be broken.", required=True)] = ""
    match: Annotated[ExceptionMatch, Setting("Where.", required=True)] = field(
        default_factory=ExceptionMatch
    )
    reason: Annotated[str, Setting("Why.", required=True, kind="filled")] = ""
    owner: Annotated[str, Setting("Who answers for it.", required=True, kind="filled")] = ""
    expires: Annotated[date, Setting("The last day.", required=True, kind="date")] = date.min


def is_exception_file(path: str, patterns: Iterable[str]) -> bool:
    """Whether the file is one of `exceptions.files`."""
    return Globs(tuple(patterns)).match(path)


def read_exceptions(sources: Iterable[SourceFile], known: KnownRules) -> Collected:
    """The exceptions in the parsed files, in the order of their paths. Its findings end a run as
    those of a faulty config do."""
    suppressions: list[Suppression] = []
    findings: list[Finding] = []
    for source in sorted(sources, key=lambda item: item.path):
        findings += [item for item in source.problems if item.severity >= Severity.ERROR]
        for entry, location, faults in _entries(source, known):
            findings += faults
            if not faults:
                suppressions.append(_suppression(entry, location, known))
    return Collected(tuple(suppressions), tuple(findings))


def _entries(
    source: SourceFile, known: KnownRules
) -> Iterator[tuple[ExceptionEntry, Location, list[Finding]]]:
    for document in source.documents:
        places = DocumentPlaces(source, document.index)
        values = document.value if isinstance(document.value, list) else [document.value]
        for index, value in enumerate(values):
            route: Route = (index,) if isinstance(document.value, list) else ()
            decoder = Decoder(places)
            entry = decoder.section(ExceptionEntry, value, route)
            faults = [*decoder.findings, *_faults(entry, value, places, route, known)]
            start = route if route else (("rule",) if isinstance(value, dict) else ())
            yield entry, places.place(start), faults


def _faults(
    entry: ExceptionEntry, value: Any, places: DocumentPlaces, route: Route, known: KnownRules
) -> Iterator[Finding]:
    if entry.rule and ("*" in entry.rule or not known.knows(entry.rule)):
        message = f"there is no rule '{entry.rule}'"
        place, hint = places.place((*route, "rule")), known.hint(entry.rule)
        yield found(config_rules.UNKNOWN_RULE, message, place, hint=hint, key=entry.rule)
    written = isinstance(value, dict) and isinstance(value.get("match"), dict)
    if written and entry.match == ExceptionMatch():
        message = "'match' has to say what the exception covers"
        yield found(config_rules.MISSING_KEY, message, places.place((*route, "match"), "key"))


def _suppression(entry: ExceptionEntry, location: Location, known: KnownRules) -> Suppression:
    covers = {item.name: getattr(entry.match, item.name) for item in fields(entry.match)}
    words = [f"{name}={glob}" for name, glob in covers.items() if glob]
    anchor = f"{' '.join(words)} {entry.owner} until {entry.expires.isoformat()}"
    rule_id = known.canonical(entry.rule)
    return Suppression(
        "exception",
        rule_id,
        entry.reason,
        entry.match,
        location,
        anchor,
        entry.owner,
        entry.expires,
    )


def is_active(suppression: Suppression, today: date) -> bool:
    """Whether the suppression still holds."""
    return ending(suppression.until, today) is not Ending.OVER


def end_note(item: Suppression, today: date) -> Finding | None:
    """The note about a suppression that has ended or will end soon."""
    stage = ending(item.until, today)
    if item.until is None or stage is Ending.FAR:
        return None
    end, name = item.until.isoformat(), posixpath.basename(item.location.path)
    if stage is Ending.OVER:
        message = f"the exception from {item.rule} in {name} expired on {end}"
        hint = f"mend what it covered, or let {item.owner} renew it"
        rule = rules.EXCEPTION_EXPIRED
    else:
        message = f"the exception from {item.rule} in {name} ends on {end}"
        hint = f"{item.owner} has to renew it, or its finding comes back"
        rule = rules.EXCEPTION_ENDS_SOON
    return found(rule, message, item.location, hint=hint, key=item.anchor)
