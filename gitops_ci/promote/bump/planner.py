"""The planner: a request and the sites of a repository to a Plan. Pure: same input, same plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.edit import Edit
from gitops_ci.model.errors import UsageError
from gitops_ci.model.image import PinError
from gitops_ci.model.span import Location
from gitops_ci.promote.bump.ambiguity import refuse_ambiguity
from gitops_ci.promote.bump.misses import no_site
from gitops_ci.promote.bump.overlays import Entry, Override, entry_edits
from gitops_ci.promote.bump.plan import LeftAlone, Move, Plan, Refusal
from gitops_ci.promote.bump.request import Request, Target
from gitops_ci.promote.versions.semver import is_older
from gitops_ci.repo.sites.change import Change, location_of, plan_file
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.repo.sites.templates import Mention

Sources = Callable[[str], SourceFile]
"""A parsed file by its path."""


class Facts(Struct, frozen=True):
    """What the planner knows of the repository. `overridden` holds, for a site, the overlays that
    set its version anew; `entries` gives the places where the overlays of an environment could set
    a version that they inherit; `mentions` where templates name a repository."""

    sites: tuple[Site, ...]
    source: Sources
    overridden: Mapping[Site, tuple[Override, ...]] = field(default_factory=dict)
    entries: Callable[[str, str], tuple[Entry, ...]] = lambda _repository, _environment: ()
    mentions: Callable[[str], Iterable[Mention]] = lambda _repository: ()


def plan_bump(request: Request, facts: Facts) -> Plan:
    """The plan for `request`. Raises UsageError when a target has no site, or when it stays open
    which of several versions in one environment is meant."""
    sorting = _Sorting(request, facts)
    for target in request.targets:
        sorting.add(target)
    edits, refused = edits_of(sorting.moves, facts.source)
    everything = tuple(_placed(item, facts) for item in (*sorting.refused, *refused))
    return Plan(
        moves=tuple(sorting.moves),
        done=tuple(sorting.done),
        left=tuple(
            replace(item, line=item.line or _line(item.site, facts)) for item in sorting.left
        ),
        refused=everything,
        edits=() if everything else edits,
    )


def _placed(item: Refusal, facts: Facts) -> Refusal:
    """The refusal with its line, and with something that always helps where nothing better is
    known."""
    hint = item.hint or f"change it by hand, or leave it out with --path '!{item.site.path}'"
    return replace(item, hint=hint, line=_line(item.site, facts))


def _line(site: Site, facts: Facts) -> int:
    return place_of(facts.source(site.path), site).line


def edits_of(
    moves: Iterable[Move], source: Sources
) -> tuple[tuple[Edit, ...], tuple[Refusal, ...]]:
    """The edits that make `moves`, by path, and the moves that no safe edit makes."""
    by_path: dict[str, list[Move]] = defaultdict(list)
    for move in moves:
        by_path[move.site.path].append(move)
    edits: list[Edit] = []
    refused: list[Refusal] = []
    for path in sorted(by_path):
        file, here = source(path), by_path[path]
        changes = {
            Change(move.site, move.target.version, move.pin): move
            for move in here
            if not move.entry
        }
        made = plan_file(file, changes)
        edits += made.edits
        for item in made.refused:
            target = changes[item.change].target
            refused.append(Refusal(item.change.site, target, item.reason, item.hint))
        added, impossible = entry_edits(file, [move for move in here if move.entry], made.edits)
        edits += added
        refused += impossible
    return tuple(edits), tuple(refused)


class _Sorting:
    """Sorts the sites of each target by what happens to them."""

    def __init__(self, request: Request, facts: Facts) -> None:
        self._request, self._facts = request, facts
        self._taken: dict[Site, Target] = {}
        self.moves: list[Move] = []
        self.done: list[Site] = []
        self.left: list[LeftAlone] = []
        self.refused: list[Refusal] = []

    def add(self, target: Target) -> None:
        """Sort the sites of `target`. Raises UsageError."""
        filters = self._request.filters
        known = [site for site in self._facts.sites if target.is_for(site)]
        chosen = [
            site for site in known if filters.admit(site) and not self._is_taken(site, target)
        ]
        entries = self._entries(target)
        spoken = self._in_templates(target)
        if not chosen and not entries and not any(site in self._taken for site in known):
            raise no_site(target, known, self._facts.sites, filters, spoken)
        left = [item for site in chosen if (item := self._left_alone(site, target))]
        apart = {item.site for item in left}
        free = [site for site in chosen if site not in apart]
        refuse_ambiguity(target, [*free, *(entry.site for entry in entries)], filters)
        moved = len(self.moves) + len(self.done) + len(self.refused)
        for site in free:
            self._move(site, target, left)
        for entry in entries:
            self._move(entry.site, target, left, entry.name)
        if len(self.moves) + len(self.done) + len(self.refused) == moved and all(
            item.blocks for item in left
        ):
            self.refused += (Refusal(item.site, target, item.reason) for item in left)
        else:
            self.left += left
        self.left += spoken

    def _in_templates(self, target: Target) -> list[LeftAlone]:
        """What templates say of an image, where it is not the wanted version already."""
        if target.subject is not Subject.IMAGE or target.only is not None:
            return []
        return [
            LeftAlone(item.site, target, item.site.refusal, line=item.line)
            for item in self._facts.mentions(target.name)
            if self._request.filters.admit(item.site) and item.site.version != target.version
        ]

    def _is_taken(self, site: Site, target: Target) -> bool:
        """Whether another target has the site already. Raises UsageError if the two disagree."""
        other = self._taken.setdefault(site, target)
        if other.version != target.version:
            raise UsageError(f"{other.text} and {target.text} both mean {site.name} in {site.path}")
        return other is not target

    def _entries(self, target: Target) -> list[Entry]:
        """Where an `images:` entry has to be added, so that an asked environment departs from the
        version that it inherits."""
        if target.subject is not Subject.IMAGE:
            return []
        filters = self._request.filters
        return [
            entry
            for environment in filters.environments
            for entry in self._facts.entries(target.name, environment)
            if filters.admit(entry.site)
        ]

    def _left_alone(self, site: Site, target: Target) -> LeftAlone | None:
        if site.refusal:
            return LeftAlone(site, target, site.refusal, blocks=True)
        meant = self._request.filters.names(site.path)
        if site.floating and site.subject is not Subject.IMAGE and not meant:
            reason = f"follows {site.version}, which moves by itself; pin it with --path FILE"
            return LeftAlone(site, target, reason, blocks=True)
        overlays = self._facts.overridden.get(site, ())
        if not overlays or meant or not all(self._admits(place.path) for place in overlays):
            return None
        names = sorted({place.name for place in overlays if place.name})
        where = ", ".join(sorted({place.path for place in overlays}))
        if names:
            reason = f"{where} put {' and '.join(names)} in its place; bump that"
            return LeftAlone(site, target, reason, blocks=True)
        return LeftAlone(site, target, f"set anew in {where}")

    def _admits(self, path: str) -> bool:
        """Whether the path filters, if any, let the file change, too."""
        return self._request.filters.admit_path(path)

    def _move(self, site: Site, target: Target, left: list[LeftAlone], entry: str = "") -> None:
        try:
            to = target.version.pinned(site.shape, self._request.pin)
        except PinError as error:
            self.refused.append(Refusal(site, target, error.message, error.hint))
            return
        if to == site.version:
            self.done.append(site)
            return
        older = is_older(to.tag, site.version.tag) is True
        if older and self._request.never_down:
            reason = f"stands at {site.version}, which is newer than {to}"
            left.append(LeftAlone(site, target, reason))
            return
        place = place_of(self._facts.source(site.path), site)
        self.moves.append(Move(site, target, to, place, older, entry, self._request.pin))


def place_of(source: SourceFile, site: Site) -> Location:
    """Where the version of the site stands; its file, when it is not there yet."""
    return location_of(source, site) if site.parts else Location(site.path)
