"""From files to states: what stands at which slot of which place.

A file is read by itself, so that an earlier text of it gives what stood there then. `Survey` knows
the tree around it; `states` puts the readings of many files together.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.model.image import Shape
from gitops_ci.model.span import Route
from gitops_ci.promote.bump.overlays import BASE_KIND, OVERLAY_KIND
from gitops_ci.promote.scope import Scope, image_matches
from gitops_ci.promote.slots import FILE, VALUE, Place, Slot, address_key, site_key
from gitops_ci.promote.spots import Spot, Spots
from gitops_ci.promote.state import Copy, Holding, Pin, Setting, State
from gitops_ci.repo.sites.model import Address, Site

Reading = tuple[Place, Holding]
"""One thing of a place, read from one file."""


class Survey(Struct, frozen=True):
    """How the files of a tree are read. `sites_of` finds the sites of one parsed file in the light
    of the tree; `readers` are the places that take what a base holds, by the base's path; `parse`
    makes a parsed file of any text of a path."""

    config: Config
    spots: Spots
    sites_of: Callable[[SourceFile], Iterable[Site]]
    readers: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    parse: Callable[[str, bytes], SourceFile] = read

    @property
    def scope(self) -> Scope:
        """What moves."""
        return Scope(self.config.promote)

    def read(self, source: SourceFile, sites: Iterable[Site] | None = None) -> Iterator[Reading]:
        """Everything in one parsed file that has a slot. `sites` are those of the file, where they
        are known already."""
        pinned: set[tuple[int, Route]] = set()
        for site in self.sites_of(source) if sites is None else sites:
            if self.scope.admits_pin(site):
                yield from self._pins(source, site)
                pinned.update((part.at.document, part.at.route) for part in site.parts)
        spot = self.spots.at(source.path)
        if spot is not None:
            yield from ((spot.place, item) for item in self._settings(source, spot, pinned))

    def copy(self, path: str, data: bytes, *, executable: bool = False) -> Iterator[Reading]:
        """The file itself, if it moves as a whole."""
        spot = self.spots.at(path)
        if spot is not None and self.scope.is_copied(path, spot.rest):
            content = hashlib.sha256((b"x" if executable else b"-") + data).hexdigest()
            slot = Slot(FILE, "", spot.file)
            yield spot.place, Copy(slot, path, content, data, executable)

    def concerns(self, path: str) -> frozenset[Place]:
        """The places that the file may hold something for, by its path alone."""
        spot = self.spots.at(path)
        return frozenset((*((spot.place,) if spot else ()), *self.readers.get(path, ())))

    def _pins(self, source: SourceFile, site: Site) -> Iterator[Reading]:
        if site.version.shape is Shape.NONE and site.kind != OVERLAY_KIND:
            return
        spot = self.spots.of_site(site.path, site.environment, self._app(site))
        if spot is not None:
            place = spot.place
            key = site_key(source, site, self.spots.is_env(place.environment))
            slot = Slot(site.subject.value, site.name, spot.file, key)
            yield place, Pin(slot, site.version, site)
        elif site.kind == BASE_KIND:
            key = site_key(source, site, lambda _word: False)
            slot = Slot(site.subject.value, site.name, site.path, key)
            for place in self.readers.get(site.path, ()):
                yield place, Pin(slot, site.version, site, inherited=True)

    def _app(self, site: Site) -> str:
        """The app that the configuration gives the image to, if that is one; else what its path
        and its object say."""
        apps = [
            name
            for name, app in self.config.apps.items()
            if name != "defaults" and any(image_matches(glob, site.name) for glob in app.images)
        ]
        return apps[0] if len(apps) == 1 else site.app

    def _settings(
        self, source: SourceFile, spot: Spot, pinned: set[tuple[int, Route]]
    ) -> Iterator[Setting]:
        is_env = self.spots.is_env(spot.place.environment)
        for rule in self.scope.rules(source.path, spot.rest):
            for document in source.documents:
                for pattern in rule.keys:
                    for route, value in self.scope.keys(document.value, pattern):
                        if (document.index, route) in pinned:
                            continue
                        at = Address(document.index, route)
                        key = f"{document.index}:{address_key(source, at, None, is_env)}"
                        slot = Slot(VALUE, "", spot.file, key)
                        yield Setting(slot, source.path, at, value, json.dumps(value))


def states(readings: Iterable[Reading]) -> dict[Place, State]:
    """The readings of all files as states. What a place sets itself takes the place of what it
    inherits; a slot that comes twice is told apart by a number."""
    by_place: dict[Place, list[Holding]] = defaultdict(list)
    for place, holding in readings:
        by_place[place].append(holding)
    return {place: _state(place, by_place[place]) for place in sorted(by_place)}


def _state(place: Place, holdings: Iterable[Holding]) -> State:
    seen: dict[Slot, int] = defaultdict(int)
    found: list[Holding] = []
    for holding in holdings:
        seen[holding.slot] += 1
        number = seen[holding.slot]
        slot = holding.slot
        if number > 1:
            slot = replace(slot, key=f"{slot.key}#{number}")
        found.append(holding if number == 1 else replace(holding, slot=slot))
    pins = [item for item in found if isinstance(item, Pin)]
    own = {pin.slot.name for pin in pins if not pin.inherited}
    return State(
        place,
        tuple(pin for pin in pins if not (pin.inherited and pin.slot.name in own)),
        tuple(item for item in found if isinstance(item, Setting)),
        tuple(item for item in found if isinstance(item, Copy)),
    )
