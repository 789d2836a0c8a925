"""One tree as promotions, rollbacks and the status see it: places, their states, their history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_ci.git.history import GitHistory
from gitops_ci.git.repository import Git
from gitops_ci.promote.bump.overlays import BASE_KIND
from gitops_ci.promote.history import History, Touch
from gitops_ci.promote.slots import Place
from gitops_ci.promote.spots import Spots
from gitops_ci.promote.state import State
from gitops_ci.promote.survey import Reading, Survey, states
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.tree import EntryKind, UnreadableError
from gitops_ci.steps.bump_observe import Observed, overlays_of

_LINK = 0o120000
_SUBMODULE = 0o160000
_EXECUTABLE = 0o100755


@dataclass(frozen=True, slots=True)
class Sight:
    """A tree, how its files are read, and what stands in it."""

    observed: Observed
    survey: Survey
    states: dict[Place, State]

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
    snapshot = observed.snapshot
    survey = Survey(
        observed.config,
        Spots(observed.config, snapshot.environments),
        observed.finder.of,
        _readers(observed),
    )
    return Sight(observed, survey, states(_readings(observed, survey)))


def _readings(observed: Observed, survey: Survey) -> Iterator[Reading]:
    by_path: dict[str, list[Site]] = defaultdict(list)
    for site in observed.sites:
        by_path[site.path].append(site)
    files = observed.snapshot.files
    for path, info in observed.snapshot.inventory.files.items():
        spot = survey.spots.at(path)
        if path in by_path or (spot and info.parsed and survey.scope.rules(path, spot.rest)):
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


def _readers(observed: Observed) -> dict[str, tuple[Place, ...]]:
    """For each base that holds an image the places whose overlays read it."""
    bases = frozenset(
        site.path
        for site in observed.sites
        if site.kind == BASE_KIND and not site.environment and not site.refusal
    )
    spots = Spots(observed.config, observed.snapshot.environments)
    found: dict[str, dict[Place, None]] = defaultdict(dict)
    for overlay in overlays_of(observed.snapshot, bases):
        spot = spots.at(overlay.path)
        if spot is not None:
            for path in overlay.reads & bases:
                found[path][spot.place] = None
    return {path: tuple(places) for path, places in found.items()}
