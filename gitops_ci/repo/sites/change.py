"""From a wanted version to the edits that write it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edits import EditRefusedError
from gitops_ci.documents.locate import locate
from gitops_ci.documents.nested import outer_span
from gitops_ci.documents.splice import StaleEditError, splice
from gitops_ci.model.edit import Edit
from gitops_ci.model.image import Pin, PinError, Version
from gitops_ci.model.span import Location, Route, Span
from gitops_ci.repo.sites.model import Address, Part, Role, Site
from gitops_ci.repo.sites.text import text_at
from gitops_ci.repo.sites.write import Writer


class Change(Struct, frozen=True):
    """A version that is wanted at a site."""

    site: Site
    version: Version
    pin: Pin = Pin.KEEP


class Refused(Struct, frozen=True):
    """A change that cannot be made safely, and why; `hint` says what helps."""

    change: Change
    reason: str
    hint: str = ""


class FileEdits(Struct, frozen=True):
    """What the changes of one file come to. A change that is neither refused nor in need of an
    edit is done already."""

    edits: tuple[Edit, ...]
    refused: tuple[Refused, ...]


def plan_file(source: SourceFile, changes: Iterable[Change]) -> FileEdits:
    """The edits that make all `changes`, which belong to `source`. Values that several sites share
    through an alias move when all of them are among the changes to the same version."""
    wanted = tuple(changes)
    consumers = _consumers(wanted)
    edits: list[Edit] = []
    refused: list[Refused] = []
    for change in wanted:
        try:
            made = _edits(source, change, consumers)
            _fits(source, edits, made)
        except EditRefusedError as error:
            refused.append(Refused(change, str(error)))
        except PinError as error:
            refused.append(Refused(change, error.message, error.hint))
        else:
            edits += [edit for edit in made if edit not in edits]
    return FileEdits(tuple(sorted(edits, key=lambda edit: edit.span)), tuple(refused))


def _edits(
    source: SourceFile, change: Change, consumers: dict[_Document, set[Route]]
) -> tuple[Edit, ...]:
    site = change.site
    if site.refusal:
        raise EditRefusedError(site.refusal)
    version = change.version.pinned(site.shape, change.pin)
    if version == site.version:
        return ()
    address = site.parts[0].at
    routes = consumers[address.document, address.within]
    return Writer(source, site, routes).write(version, change.version.tag)


_Document = tuple[int, tuple[tuple[int, Route], ...]]


def _consumers(changes: Sequence[Change]) -> dict[_Document, set[Route]]:
    """For each text the routes of what will be written: what they share may change."""
    found: dict[_Document, set[Route]] = defaultdict(set)
    for change in changes:
        for part in change.site.parts:
            found[part.at.document, part.at.within].add(part.at.route)
    return found


def _fits(source: SourceFile, edits: Sequence[Edit], more: Sequence[Edit]) -> None:
    """Raise EditRefusedError when the edits of two changes do not go together."""
    new = [edit for edit in more if edit not in edits]
    try:
        splice(source.data, [*edits, *new])
    except StaleEditError:
        raise EditRefusedError("another change in the plan writes the same place") from None


def location_of(source: SourceFile, site: Site) -> Location:
    """Where the version of the site stands in its file: the reference, tag or digest, or the name
    that lacks one."""
    return place_of(source, main_part(site).at)


def main_part(site: Site) -> Part:
    """The part that shows the version; the name when there is none."""
    written = [part for part in site.parts if not part.missing]
    for role in (Role.REFERENCE, Role.TAG, Role.DIGEST, Role.NAME):
        found = next((part for part in written if part.role is role), None)
        if found is not None:
            return found
    return site.parts[0]


def place_of(source: SourceFile, at: Address) -> Location:
    """The place of a scalar, through the texts that it is nested in."""
    text = text_at(source, at.within)
    if text is None:
        return Location(source.path)
    span = locate(text.source, at.document, at.route).location.span
    outer: Span | None = span
    steps = list(at.within)
    while steps and outer is not None:
        document, route = steps.pop()
        holder = text_at(source, tuple(steps))
        outer = outer_span(holder.source, document, route, outer) if holder else None
        if outer is None and holder is not None:
            outer = locate(holder.source, document, route).location.span
    document, route = at.within[0] if at.within else (at.document, at.route)
    return Location(source.path, outer, route, document)
