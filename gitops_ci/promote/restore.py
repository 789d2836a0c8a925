"""From the present state of a place to one that stood there before: exactly the slots that differ.

What has no slot is no business of promotions, so a rollback leaves it as it is.
"""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.model.image import Pin as PinStyle
from gitops_ci.model.image import Shape
from gitops_ci.model.span import Location
from gitops_ci.promote.bump.overlays import OVERLAY_KIND
from gitops_ci.promote.bump.planner import place_of
from gitops_ci.promote.files import first_missing
from gitops_ci.promote.moves import Gone, Move, Refusal, ToFile, ToValue, ToVersion, What
from gitops_ci.promote.outcome import Outcome
from gitops_ci.promote.plan import Left
from gitops_ci.promote.side import Side
from gitops_ci.promote.slots import Slot
from gitops_ci.promote.state import Copy, Holding, Pin, Setting, State
from gitops_ci.promote.versions.semver import is_older
from gitops_ci.repo.sites.change import main_part
from gitops_ci.repo.sites.model import Address

_EXECUTABLE, _PLAIN = 0o100755, 0o100644


class Restoring(Struct, frozen=True):
    """Brings the place of `now` back to `then`, in the tree of `side`. `why` is a sentence about
    the earlier state."""

    side: Side
    now: State
    then: State
    why: str

    def outcome(self) -> Outcome:
        """The moves, what is so already, and what cannot be brought back."""
        found = Outcome()
        present = {holding.slot: holding for holding in self.now.holdings}
        past = {holding.slot: holding for holding in self.then.holdings}
        for slot in sorted(present.keys() | past.keys()):
            now, then = present.get(slot), past.get(slot)
            if now is not None and then is not None and now.content == then.content:
                found.done.append((self.now.place, slot))
            elif now is not None and then is not None:
                self._changed(now, then, found)
            elif now is not None:
                self._came(now, found)
            elif then is not None:
                self._went(then, found)
        return found

    def _changed(self, now: Holding, then: Holding, found: Outcome) -> None:
        if isinstance(now, Pin) and isinstance(then, Pin):
            self._pin(now, then, found)
        elif isinstance(now, Setting) and isinstance(then, Setting):
            location = locate(self._source(now.path), now.at.document, now.at.route).location
            what = ToValue(now.path, now.at, then.value)
            self._move(found, now.slot, (now.content, then.content), what, location)
        elif isinstance(now, Copy) and isinstance(then, Copy):
            mode = _EXECUTABLE if then.executable else _PLAIN
            what_file = ToFile(now.path, then.data, now.data, mode)
            texts = (now.content[:12], then.content[:12])
            self._move(found, now.slot, texts, what_file, Location(now.path))

    def _pin(self, now: Pin, then: Pin, found: Outcome) -> None:
        if now.inherited:
            self._own(now, then, found)
            return
        shape = then.version.shape
        style = PinStyle.KEEP if shape is now.version.shape else PinStyle(shape.value)
        older = is_older(then.version.tag, now.version.tag) is True
        self._move(
            found,
            now.slot,
            (str(now.version), str(then.version)),
            ToVersion(now.site, then.version, style),
            place_of(self._source(now.path), now.site),
            older=older,
        )

    def _own(self, now: Pin, then: Pin, found: Outcome) -> None:
        """What the place takes from a base gets an entry of its own: the base belongs to others."""
        for entry in self.side.entries(now.slot.name):
            spot = self.side.spots.at(entry.site.path)
            if spot is not None and spot.place == self.now.place:
                what = ToVersion(entry.site, then.version, entry=entry.name)
                texts = (str(now.version), str(then.version))
                self._move(found, now.slot, texts, what, Location(entry.site.path), older=True)
                return
        reason = f"{now.slot.name} comes from {now.path}, which other environments read as well"
        hint = "go back there, or give this environment a version of its own"
        found.refused.append(Refusal(self.now.place, now.slot, reason, hint, Location(now.path)))

    def _came(self, now: Holding, found: Outcome) -> None:
        """Something that was not there then."""
        if isinstance(now, Setting):
            what: What = Gone(now.path, now.at)
            location = locate(self._source(now.path), now.at.document, now.at.route).location
            self._move(found, now.slot, (now.content, ""), what, location)
        elif isinstance(now, Copy):
            what = Gone(now.path, None, now.data)
            self._move(found, now.slot, (now.content[:12], ""), what, Location(now.path))
        elif isinstance(now, Pin):
            self._new_pin(now, found)
        else:
            assert_never(now)

    def _new_pin(self, now: Pin, found: Outcome) -> None:
        before = next((p for p in self.then.pins if p.slot.name == now.slot.name), None)
        entry = now.site.kind == OVERLAY_KIND and not now.inherited
        if entry and before is not None and before.inherited:
            at = main_part(now.site).at
            what = Gone(now.path, Address(at.document, at.route[:-1]))
            texts = (str(now.version), str(before.version))
            location = place_of(self._source(now.path), now.site)
            self._move(found, now.slot, texts, what, location, older=True)
        else:
            reason = f"{now.slot.name or now.slot.key} was not there then, and stays"
            found.left.append(Left(self.now.place, now.slot, reason))

    def _went(self, then: Holding, found: Outcome) -> None:
        """Something that is not there any more."""
        if isinstance(then, Setting) and then.path in self.side.files:
            source = self._source(then.path)
            at, value = first_missing(source, then.at.document, then.at.route, then.value)
            what: What = ToValue(then.path, at, value, missing=True)
            self._move(found, then.slot, ("", then.content), what, Location(then.path))
        elif isinstance(then, Copy) and then.path not in self.side.files:
            mode = _EXECUTABLE if then.executable else _PLAIN
            what = ToFile(then.path, then.data, None, mode)
            self._move(found, then.slot, ("", then.content[:12]), what, Location(then.path))
        elif not (isinstance(then, Pin) and self._is_told_elsewhere(then)):
            reason = f"{then.slot.name or then.slot.key or then.path} has no place here any more"
            found.left.append(Left(self.now.place, then.slot, reason))

    def _is_told_elsewhere(self, then: Pin) -> bool:
        """Whether the version of the same thing is dealt with at another slot."""
        return any(pin.slot.name == then.slot.name for pin in self.now.pins)

    def _move(
        self,
        found: Outcome,
        slot: Slot,
        texts: tuple[str, str],
        what: What,
        location: Location,
        *,
        older: bool = False,
    ) -> None:
        before, after = texts
        if isinstance(what, ToVersion) and what.version.shape is Shape.NONE:
            reason = f"{slot.name} had no version then"
            found.refused.append(Refusal(self.now.place, slot, reason, "", location))
            return
        move = Move(self.now.place, slot, before, after, what, location, older, self.why)
        found.moves.append(move)

    def _source(self, path: str) -> SourceFile:
        return self.side.source(path)
