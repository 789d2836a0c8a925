"""One environment as the planner sees it: what stands in its tree now, and what stood before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property

from msgspec import Struct

from gitops_ci.promote.bump.overlays import Entry
from gitops_ci.promote.epochs import Timeline
from gitops_ci.promote.moves import Sources
from gitops_ci.promote.slots import Place
from gitops_ci.promote.spots import Spots
from gitops_ci.promote.state import State


class Side(Struct, frozen=True, dict=True):
    """Facts about one environment in its own tree, which may be another branch or repository.

    `states` are those of its places; `timeline` is what stood at some of them; `entries` gives the
    places where its overlays could set a version that they inherit; `files` are all paths of the
    tree and `spots` whose they are.
    """

    environment: str
    states: Mapping[Place, State]
    source: Sources
    timeline: Callable[[tuple[Place, ...]], Timeline]
    spots: Spots
    files: frozenset[str] = frozenset()
    entries: Callable[[str], tuple[Entry, ...]] = lambda _repository: ()

    def places(self, app: str) -> tuple[Place, ...]:
        """The places of the app, one for each of its variants, also those where nothing has a
        version yet."""
        return self._by_app.get(app, ())

    @cached_property
    def apps(self) -> tuple[str, ...]:
        """The apps that have something here which moves, sorted."""
        return tuple(sorted({p.app for p, state in self.states.items() if state.holdings}))

    @cached_property
    def _by_app(self) -> dict[str, tuple[Place, ...]]:
        found: dict[str, list[Place]] = defaultdict(list)
        for place in self.states:
            found[place.app].append(place)
        return {app: tuple(places) for app, places in found.items()}

    def counterpart(self, file: str, place: Place) -> str | None:
        """The path of a slot's file in `place`, also where it is not there yet; None when the
        place shows no directory that the file could lie in."""
        return self.spots.path_of(file, place, self.files)


Sides = Callable[[str], Side]
"""The side of an environment by its name."""
