"""How long one version stood in an environment, told from the timeline of its places."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.promote.epochs import Epoch, Timeline
from gitops_ci.promote.gates.facts import Stay
from gitops_ci.promote.holds import is_same_version
from gitops_ci.promote.state import Pin


def stays_of(timeline: Timeline, pin: Pin) -> tuple[Stay, ...]:
    """The times during which the version of `pin` stood at any place of the timeline, the oldest
    first; epochs that follow each other are one stay."""
    found: list[Stay] = []
    for epoch in _epochs(timeline, pin):
        if epoch.since is None:
            continue
        if found and found[-1].until == epoch.since:
            found[-1] = Stay(found[-1].since, epoch.until)
        else:
            found.append(Stay(epoch.since, epoch.until))
    return tuple(found)


def spans_of(timeline: Timeline, pin: Pin) -> tuple[tuple[str, str], ...]:
    """For each epoch in which the version stood, the newest first: the commit that began it, and
    the one that ended it (empty while it lasts)."""
    spans = []
    for number, epoch in enumerate(timeline.epochs):
        if epoch.commit and _stands(epoch, pin):
            after = timeline.epochs[number + 1 : number + 2]
            spans.append((epoch.commit, after[0].commit if after else ""))
    return tuple(reversed(spans))


def begins_unknown(timeline: Timeline, pin: Pin) -> bool:
    """Whether the version may have stood longer than history tells."""
    return any(epoch.first for epoch in _epochs(timeline, pin))


def _epochs(timeline: Timeline, pin: Pin) -> Iterator[Epoch]:
    return (epoch for epoch in timeline.epochs if _stands(epoch, pin))


def _stands(epoch: Epoch, pin: Pin) -> bool:
    return any(_is_it(other, pin) for state in epoch.states for other in state.pins)


def _is_it(other: Pin, pin: Pin) -> bool:
    same = other.slot.sort == pin.slot.sort and other.slot.name == pin.slot.name
    return (same or other.slot.spot == pin.slot.spot) and is_same_version(
        other.content, pin.content
    )
