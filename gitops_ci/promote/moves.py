"""What changes at a place, and the edits that make it: the same for a promotion and a rollback."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edits import EditRefusedError, delete, insert, set_scalar
from gitops_ci.documents.splice import StaleEditError, splice
from gitops_ci.documents.values import Value
from gitops_ci.model.change import FileEdit
from gitops_ci.model.edit import Edit, NewFile, RemoveFile
from gitops_ci.model.image import Pin as PinStyle
from gitops_ci.model.image import Version
from gitops_ci.model.span import Location, Route
from gitops_ci.promote.bump import plan as bump
from gitops_ci.promote.bump.planner import edits_of as version_edits
from gitops_ci.promote.bump.request import Target
from gitops_ci.promote.slots import Place, Slot
from gitops_ci.repo.sites.model import Address, Site, Subject
from gitops_ci.repo.sites.text import value_at

Sources = Callable[[str], SourceFile]
"""A parsed file by its path."""


class ToVersion(Struct, frozen=True):
    """A site goes to another version. `entry` is the name in an `images:` entry that has to be
    added, where the site is not there yet."""

    site: Site
    version: Version
    style: PinStyle = PinStyle.KEEP
    entry: str = ""

    @property
    def path(self) -> str:
        """The file that changes."""
        return self.site.path


class ToValue(Struct, frozen=True):
    """A configured key gets another value; with `missing` it is not there yet."""

    path: str
    at: Address
    value: Value
    missing: bool = False


class ToFile(Struct, frozen=True):
    """A configured file gets other bytes; `expect` is what it holds, None where it is not there.
    `mode` is git's."""

    path: str
    data: bytes
    expect: bytes | None = None
    mode: int = 0o100644


class Gone(Struct, frozen=True):
    """What was not there before goes again: a key or an entry of a list at `at`, with what would be
    left empty above it; without `at` the whole file, which holds `expect`."""

    path: str
    at: Address | None = None
    expect: bytes = b""


What = ToVersion | ToValue | ToFile | Gone


class Move(Struct, frozen=True):
    """One slot of `place` that goes from `before` to `after`, both for people; `older` says that it
    goes down. `why` is a sentence about where the new content comes from."""

    place: Place
    slot: Slot
    before: str
    after: str
    what: What
    location: Location
    older: bool = False
    why: str = ""

    @property
    def path(self) -> str:
        """The file that changes."""
        return self.what.path

    @property
    def environment(self) -> str:
        """Where it happens."""
        return self.place.environment

    @property
    def app(self) -> str:
        """Whose slot it is."""
        return self.place.app

    @property
    def name(self) -> str:
        """What moves, for people: the image, the chart, the key or the file."""
        return self.slot.name or self.slot.key.partition(":")[2] or self.path


class Refusal(Struct, frozen=True):
    """A move of `place` that cannot be made, or a place that cannot move at all (`slot` is None),
    and why; `hint` says what helps."""

    place: Place
    slot: Slot | None
    reason: str
    hint: str = ""
    location: Location | None = None


def edits_of(
    moves: Sequence[Move], source: Sources
) -> tuple[tuple[FileEdit, ...], tuple[Refusal, ...]]:
    """The edits that make `moves`, by path, and the moves that no safe edit makes. What is refused
    has no edits; whether the rest may go without it is for the caller to say."""
    versions = {_site_of(move): move for move in moves if isinstance(move.what, ToVersion)}
    bumps = [_bump(move) for move in versions.values()]
    made, impossible = version_edits(bumps, source)
    refused = [_refusal(versions[item.site], item.reason, item.hint) for item in impossible]
    edits: list[FileEdit] = list(made)
    by_path: dict[str, list[Edit]] = defaultdict(list)
    going = {
        (move.path, move.what.at.document, move.what.at.route)
        for move in moves
        if isinstance(move.what, Gone) and move.what.at
    }
    for edit in made:
        by_path[edit.path].append(edit)
    for move in _merged(moves):
        if isinstance(move.what, ToValue) or (isinstance(move.what, Gone) and move.what.at):
            try:
                added = _value_edits(source(move.path), move.what, by_path[move.path], going)
            except (EditRefusedError, StaleEditError) as error:
                refused.append(_refusal(move, str(error)))
            else:
                by_path[move.path] += added
                edits += added
        elif isinstance(move.what, ToFile):
            edits.append(NewFile(move.path, move.what.data, move.what.mode, move.what.expect))
        elif isinstance(move.what, Gone):
            edits.append(RemoveFile(move.path, move.what.expect))
    return tuple(sorted(edits, key=_order)), tuple(refused)


def _order(edit: FileEdit) -> tuple[str, int]:
    return (edit.path, edit.span.start if isinstance(edit, Edit) else 0)


def _site_of(move: Move) -> Site:
    assert isinstance(move.what, ToVersion)
    return move.what.site


def _bump(move: Move) -> bump.Move:
    what = move.what
    assert isinstance(what, ToVersion)
    site = what.site
    image = site.subject is not Subject.GIT and bool(site.repository)
    subject, name = (Subject.IMAGE, site.repository) if image else (site.subject, site.name)
    target = Target(subject, name, what.version, f"{name} {what.version}")
    return bump.Move(site, target, what.version, move.location, move.older, what.entry, what.style)


def _refusal(move: Move, reason: str, hint: str = "") -> Refusal:
    return Refusal(move.place, move.slot, reason, hint, move.location)


def _value_edits(
    source: SourceFile, what: ToValue | Gone, others: Sequence[Edit], going: set[Going]
) -> tuple[Edit, ...]:
    """Raises EditRefusedError, and StaleEditError when it does not go with `others`."""
    if isinstance(what, Gone):
        assert what.at is not None
        edits = tuple(e for e in _deletion(source, what.at, going) if e not in others)
    else:
        change = insert if what.missing else set_scalar
        edits = change(source, what.at.document, what.at.route, what.value)
    splice(source.data, (*others, *edits))
    return edits


Going = tuple[str, int, Route]
"""A path, a document and a route that goes away."""


def _deletion(source: SourceFile, at: Address, going: set[Going]) -> tuple[Edit, ...]:
    """Takes the entry away with everything above it that would be left empty, now that the others
    in `going` go as well."""
    route = at.route
    while len(route) > 1:
        holder = value_at(source, at.document, route[:-1])
        keys = list(holder) if isinstance(holder, dict) else _numbers(holder)
        whole = {(source.path, at.document, (*route[:-1], key)) for key in keys}
        if not whole <= going | {(source.path, at.document, route)}:
            break
        route = route[:-1]
        going.add((source.path, at.document, route))
    return delete(source, at.document, route)


def _numbers(holder: Value) -> list[int]:
    return list(range(len(holder))) if isinstance(holder, list) else []


def _merged(moves: Iterable[Move]) -> list[Move]:
    """The moves, with keys that are added below the same missing parent added at once."""
    found: dict[object, Move] = {}
    for number, move in enumerate(moves):
        what = move.what
        if not (isinstance(what, ToValue) and what.missing and isinstance(what.value, dict)):
            found[number] = move
            continue
        key = (what.path, what.at.document, what.at.route)
        known = found.get(key)
        if known is not None and isinstance(known.what, ToValue):
            what = replace(what, value=_together(known.what.value, what.value))
        found[key] = replace(known or move, what=what)
    return list(found.values())


def _together(one: Value, other: Value) -> Value:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return other
    both = dict(one)
    for key, value in other.items():
        both[key] = _together(one[key], value) if key in one else value
    return both
