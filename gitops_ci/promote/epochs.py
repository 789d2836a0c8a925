"""What stood together: the timelines of several places as one.

Apps of an atomic group, and the clusters of one environment, move as a set that was verified
together. Which sets those were, their common history tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from gitops_ci.promote.history import Standing
from gitops_ci.promote.slots import Place, Slot
from gitops_ci.promote.state import Pin, State
from gitops_ci.promote.versions.semver import is_older


class Epoch(Struct, frozen=True):
    """A time in which nothing changed at any of some places: their states, the commit that made
    them so at `since`, and when it ended (None: it has not). `commit` is empty and `since` None
    where there is no history."""

    states: tuple[State, ...]
    commit: str = ""
    since: datetime | None = None
    until: datetime | None = None
    first: bool = False

    def lasted(self, now: datetime) -> float | None:
        """How long it was, in seconds, as far as history goes; None without a history."""
        if self.since is None:
            return None
        return max(0.0, ((self.until or now) - self.since).total_seconds())

    @property
    def contents(self) -> dict[tuple[Place, Slot], str]:
        """What stood where."""
        return {
            (state.place, slot): text
            for state in self.states
            for slot, text in state.contents.items()
        }

    def versions(self) -> tuple[str, ...]:
        """The different versions of all pins, sorted."""
        return tuple(sorted({text for state in self.states for text in state.versions()}))


def epochs_of(standings: Mapping[Place, Sequence[Standing]]) -> tuple[Epoch, ...]:
    """The epochs of all places together, the oldest first. A place that was not there yet is empty
    in the epochs before."""
    changes: dict[datetime, list[tuple[Place, Standing]]] = defaultdict(list)
    for place, here in standings.items():
        for standing in here:
            changes[standing.since].append((place, standing))
    now = {place: State(place) for place in sorted(standings)}
    found: list[Epoch] = []
    times = sorted(changes)
    for number, since in enumerate(times):
        last = changes[since][-1][1]
        for place, standing in changes[since]:
            now[place] = standing.state
        until = times[number + 1] if number + 1 < len(times) else None
        found.append(Epoch(tuple(now.values()), last.commit, since, until, last.first))
    return tuple(found)


class Timeline(Struct, frozen=True):
    """Epochs, the oldest first, and which of them were taken back since (by their number)."""

    epochs: tuple[Epoch, ...]
    retracted: frozenset[int] = frozenset()

    def newest_first(self) -> Iterable[tuple[Epoch, bool]]:
        """Each epoch with whether it was taken back."""
        for number in range(len(self.epochs) - 1, -1, -1):
            yield self.epochs[number], number in self.retracted

    def later_content(self, key: tuple[Place, Slot], text: str, than: Epoch) -> bool:
        """Whether `text` stood at the slot after the epoch `than` and not in it or before."""
        number = self.epochs.index(than)
        before = any(e.contents.get(key) == text for e in self.epochs[: number + 1])
        return not before and any(e.contents.get(key) == text for e in self.epochs[number + 1 :])


def timeline(epochs: Sequence[Epoch]) -> Timeline:
    """The epochs with those marked that somebody went back from: a slot came to hold again what it
    had held before, or an older version."""
    columns: dict[tuple[Place, Slot], list[str]] = defaultdict(lambda: [""] * len(epochs))
    pins: set[tuple[Place, Slot]] = set()
    for number, epoch in enumerate(epochs):
        for key, text in epoch.contents.items():
            columns[key][number] = text
        pins.update((s.place, h.slot) for s in epoch.states for h in s.holdings if _is_pin(h))
    retracted: set[int] = set()
    for key, column in columns.items():
        retracted |= _taken_back(column, versions=key in pins)
    return Timeline(tuple(epochs), frozenset(retracted))


def _is_pin(holding: object) -> bool:
    return isinstance(holding, Pin)


def _taken_back(column: Sequence[str], *, versions: bool) -> set[int]:
    """The numbers of the epochs whose content at one slot was left again for an earlier one."""
    last = {text: number for number, text in enumerate(column) if text}
    first: dict[str, int] = {}
    for number, text in enumerate(column):
        if text:
            first.setdefault(text, number)
    found = set()
    for number, text in enumerate(column):
        again = any(
            first[other] < number < last[other] for other in first if other != text and text
        )
        older = versions and any(
            other != text and last[other] > number and first[other] > number
            and is_older(_tag(other), _tag(text)) is True
            for other in (first if text else ())
        )  # fmt: skip
        if again or older:
            found.add(number)
    return found


def _tag(version: str) -> str:
    return version.partition("@")[0]
