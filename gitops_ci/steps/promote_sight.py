"""One tree as promotions, rollbacks and the status see it: places, their states, their history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.git.history import GitHistory
from gitops_ci.git.repository import Git
from gitops_ci.promote.bump.overlays import BASE_KIND, Overlay
from gitops_ci.promote.bump.past import version_at
from gitops_ci.promote.history import History, Touch
from gitops_ci.promote.slots import Place
from gitops_ci.promote.spots import Spots
from gitops_ci.promote.state import State
from gitops_ci.promote.survey import Reading, Survey, states
from gitops_ci.repo.names import is_json, is_yaml
from gitops_ci.repo.sites.find import READ
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.tree import EntryKind, UnreadableError
from gitops_ci.steps.bump_observe import Observed, overlays_of

_LINK = 0o120000
_SUBMODULE = 0o160000
_EXECUTABLE = 0o100755


class Sight(Struct, frozen=True):
    """A tree, how its files are read, and what stands in it."""

    observed: Observed
    survey: Survey
    states: dict[Place, State]
    overlays: tuple[Overlay, ...] = ()

    def states_of(self, environment: str) -> dict[Place, State]:
        """The states of an environment, with those of places where nothing has a version yet."""
        found = {}
        for path in self.observed.snapshot.inventory.files:
            spot = self.survey.spots.at(path)
            if spot is not None and spot.place.environment == environment:
                found[spot.place] = State(spot.place)
        own = {p: state for p, state in self.states.items() if p.environment == environment}
        return dict(sorted((found | own).items()))

    def history(self, git: Git, revision: str) -> History:
        """The history of the branch whose tip `revision` is this tree's commit. Raises as Git."""
        reader = GitHistory(git.root)
        touches = [
            Touch(step.commit, step.when, step.path, step.after, step.mode == _EXECUTABLE)
            for step in reader.line(revision)
            if step.mode not in (_LINK, _SUBMODULE)
        ]
        return History(self.survey, touches, reader.contents, cut=reader.is_shallow())


def sight_of(observed: Observed) -> Sight:
    """The sight of a tree that was observed."""
    bases = frozenset(
        site.path
        for site in observed.sites
        if site.kind == BASE_KIND and not site.environment and not site.refusal
    )
    overlays = overlays_of(observed.snapshot, bases)
    spots = Spots(observed.config, observed.snapshot.environments)
    sites = _Sites(observed)
    readers = _readers(overlays, bases, spots)
    survey = Survey(observed.config, spots, sites.of, readers, sites.parse)
    return Sight(observed, survey, states(_readings(observed, survey, sites)), overlays)


class _Sites:
    """The sites of a file, in its present text or an earlier one. Some are known only through
    another file, such as the elements that a generator reads: what an earlier text says at their
    places is looked up there."""

    def __init__(self, observed: Observed) -> None:
        self._observed = observed
        self.by_path: dict[str, list[Site]] = defaultdict(list)
        for site in observed.sites:
            self.by_path[site.path].append(site)
        self._foreign: dict[str, tuple[Site, ...]] = {}

    def parse(self, path: str, data: bytes) -> SourceFile:
        """The file with that text, which may be the present one."""
        now = self._present(path)
        return now if now is not None and now.data == data else read(path, data)

    def _present(self, path: str) -> SourceFile | None:
        if path not in self._observed.snapshot.inventory.files:
            return None
        try:
            return self._observed.source(path)
        except UnreadableError:
            return None

    def of(self, source: SourceFile) -> tuple[Site, ...]:
        """The sites of the file when it holds that text."""
        if source is self._present(source.path):
            return tuple(self.by_path.get(source.path, ()))
        found = self._observed.finder.of(source)
        more = []
        for site in self._told_elsewhere(source.path):
            version = version_at(site, source.data)
            more += [replace(site, version=version)] if version is not None else []
        return (*found, *more)

    def _told_elsewhere(self, path: str) -> tuple[Site, ...]:
        if path not in self._foreign:
            now = self.by_path.get(path, ())
            own = (
                {site.parts for site in self._observed.finder.of(self._observed.source(path))}
                if now
                else ()
            )
            self._foreign[path] = tuple(site for site in now if site.parts not in own)
        return self._foreign[path]


def _readings(observed: Observed, survey: Survey, sites: _Sites) -> Iterator[Reading]:
    by_path = sites.by_path
    files = observed.snapshot.files
    for path, info in observed.snapshot.inventory.files.items():
        spot = survey.spots.at(path)
        has_rules = spot and info.kind in READ and survey.scope.rules(path, spot.rest)
        if path in by_path or (has_rules and (is_yaml(path) or is_json(path))):
            yield from survey.read(files.source(path), by_path.get(path, ()))
        if spot is not None and survey.scope.is_copied(path, spot.rest):
            yield from _copy(observed, survey, path)


def _copy(observed: Observed, survey: Survey, path: str) -> Iterator[Reading]:
    entry = observed.tree.entry(path)
    if entry is None or entry.kind is not EntryKind.FILE:
        return
    try:
        data = observed.tree.read(path)
    except UnreadableError:
        return
    yield from survey.copy(path, data, executable=entry.executable)


def _readers(
    overlays: Iterable[Overlay], bases: frozenset[str], spots: Spots
) -> dict[str, tuple[Place, ...]]:
    """For each base that holds an image the places whose overlays read it."""
    found: dict[str, dict[Place, None]] = defaultdict(dict)
    for overlay in overlays:
        spot = spots.at(overlay.path)
        if spot is not None:
            for path in overlay.reads & bases:
                found[path][spot.place] = None
    return {path: tuple(places) for path, places in found.items()}
