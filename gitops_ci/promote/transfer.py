"""From a state of the source to the moves of one place of the target."""

from __future__ import annotations

import shlex

from msgspec import Struct

from gitops_ci.model.image import Pin as PinStyle
from gitops_ci.model.image import PinError, Version
from gitops_ci.model.span import Location
from gitops_ci.promote.bump.planner import place_of
from gitops_ci.promote.epochs import Epoch, Timeline
from gitops_ci.promote.files import file_moves, setting_moves
from gitops_ci.promote.matching import Ambiguous, Match, match_pins, unmatched
from gitops_ci.promote.moves import Move, Refusal, ToVersion
from gitops_ci.promote.outcome import Outcome
from gitops_ci.promote.plan import Left
from gitops_ci.promote.side import Side
from gitops_ci.promote.slots import Place
from gitops_ci.promote.state import Pin, State
from gitops_ci.promote.versions.semver import is_older

_SHOWN = 6


class Transfer(Struct, frozen=True):
    """Carries `epoch`, which stood in the side `source`, to places of the side `target`.
    `timeline` is what else stood in the source, `why` a sentence about the epoch; with `whole`
    nothing of the source may be left without a place in the target. With `named`, somebody named
    the version: where versions do not compare, the source's history alone stops nothing then. A
    `trial` looks up no lines."""

    source: Side
    target: Side
    epoch: Epoch
    timeline: Timeline | None = None
    why: str = ""
    whole: bool = False
    named: bool = False
    trial: bool = False

    def to(self, place: Place) -> Outcome:
        """What happens at `place`."""
        state = self.target.states[place]
        sources = self.variants(place)
        outcome = Outcome()
        matches, unclear = match_pins(state, sources)
        for match in matches:
            self._pin(place, match, outcome)
        outcome.refused += [self._ambiguous(place, item) for item in unclear]
        for pin in unmatched(state, sources):
            self._missing(place, state, pin, outcome)
        setting_moves(self.target, state, sources, self.why, outcome)
        file_moves(self.target, state, sources, self.why, outcome)
        return outcome

    def variants(self, place: Place) -> tuple[State, ...]:
        """The states of the source that the place takes from: its own variant if the source has
        it, else all of them."""
        states = [state for state in self.epoch.states if state.place.app == place.app]
        same = [state for state in states if state.place.variant == place.variant]
        return tuple(same or states)

    def _pin(self, place: Place, match: Match, outcome: Outcome) -> None:
        pin = match.pin
        try:
            to = match.version.pinned(pin.version.shape, PinStyle.KEEP)
        except PinError as error:
            hint = f"pin it in {self.source.environment} in the same form"
            outcome.refused.append(self._refusal(place, pin, error.message, hint))
            return
        if to == pin.version:
            outcome.done.append((place, pin.slot))
            return
        ahead = self._newer(match.pin, to)
        later = "" if ahead else self._later(match, to)
        if ahead or (later and not self.named):
            way = ("--from", place.environment, "--to", self.source.environment)
            hint = shlex.join(("gitops-ci", "promote", *way, "--app", place.app))
            outcome.left.append(Left(place, pin.slot, ahead or later, ahead=True, hint=hint))
            return
        why = self.why + (" (moves with the version that it equals)" if match.lockstep else "")
        what = ToVersion(pin.site, to)
        location = self._location(pin)
        outcome.moves.append(
            Move(place, pin.slot, str(pin.version), str(to), what, location, bool(later), why)
        )

    def _newer(self, pin: Pin, to: Version) -> str:
        """Why the move would lead back, by the versions themselves; or empty."""
        if is_older(to.tag, pin.version.tag) is not True:
            return ""
        source = self.source.environment
        return f"stands at {pin.version}, which is newer than {to} of {source}"

    def _later(self, match: Match, to: Version) -> str:
        """Why the move would lead back, by what the source got when; or empty."""
        now = match.pin.version
        if self.timeline is None or self.epoch.since is None:
            return ""
        key = (_place_of(self.epoch, match.source), match.source.slot)
        if self.timeline.later_content(key, str(now), self.epoch):
            return f"stands at {now}, which {self.source.environment} got after {to}"
        return ""

    def _ambiguous(self, place: Place, item: Ambiguous) -> Refusal:
        by_version: dict[str, set[str]] = {}
        for pin in item.found:
            by_version.setdefault(pin.content, set()).add(pin.path)
        told = " and ".join(
            f"{version} ({', '.join(sorted(paths)[:_SHOWN])})"
            for version, paths in sorted(by_version.items())
        )
        reason = f"{item.pin.slot.name} stands in {self.source.environment} at {told}"
        hint = "give both environments the same files, or name the places with `sites`"
        return self._refusal(place, item.pin, reason, hint)

    def _missing(self, place: Place, state: State, pin: Pin, outcome: Outcome) -> None:
        """A version of the source that the target has no place for, or only inherits."""
        inherited = [p for p in state.pins if p.inherited and p.slot.name == pin.slot.name]
        if any(other.version == pin.version for other in inherited):
            outcome.done.append((place, pin.slot))
            return
        entries = [
            entry
            for entry in self.target.entries(pin.slot.name)
            if self._is_at(entry.site.path, place)
        ]
        if pin.slot.sort != "image" or not entries:
            self._without_place(place, pin, outcome)
            return
        for entry in entries:
            to = pin.version
            older = [p for p in inherited if is_older(to.tag, p.version.tag) is True]
            if older:
                reason = f"inherits {older[0].version}, which is newer than {to}"
                outcome.left.append(Left(place, pin.slot, reason, ahead=True))
                continue
            before = str(inherited[0].version) if inherited else ""
            what = ToVersion(entry.site, to, entry=entry.name)
            location = Location(entry.site.path)
            outcome.moves.append(
                Move(place, pin.slot, before, str(to), what, location, why=self.why)
            )

    def _is_at(self, path: str, place: Place) -> bool:
        spot = self.target.spots.at(path)
        return spot is not None and spot.place == place

    def _without_place(self, place: Place, pin: Pin, outcome: Outcome) -> None:
        name = pin.slot.name or pin.slot.key
        reason = f"{self.source.environment} has {name}, and there is no place for it here"
        if self.whole:
            hint = "its group moves as a whole: add the place, or leave it out with `promote.never`"
            outcome.refused.append(Refusal(place, pin.slot, reason, hint))
        else:
            outcome.left.append(Left(place, pin.slot, reason))

    def _location(self, pin: Pin) -> Location:
        if self.trial:
            return Location(pin.path)
        return place_of(self.target.source(pin.path), pin.site)

    def _refusal(self, place: Place, pin: Pin, reason: str, hint: str) -> Refusal:
        location = self._location(pin)
        return Refusal(place, pin.slot, reason, hint, location)


def _place_of(epoch: Epoch, pin: Pin) -> Place:
    """Where the pin of the source stood."""
    return next(state.place for state in epoch.states if any(p is pin for p in state.pins))
