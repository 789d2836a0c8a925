"""Who went back: what the first-parent history of an environment says about downgrades.

A version that somebody left for an older one, or for one that stood there before, is not brought
back by the next promotion, whoever left it and however: by `rollback`, by a revert, by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gitops_ci.promote.history import Standing
from gitops_ci.promote.holds import NEWER, Hold, Named
from gitops_ci.promote.slots import Slot
from gitops_ci.promote.state import State
from gitops_ci.promote.versions.semver import is_older


def implied_hold(standings: Sequence[Standing], told: Collection[str] = ()) -> Hold | None:
    """The hold that the history of a place implies; None when nobody went back, or when the place
    has gone on since. `told` are commits that changed the file of holds: a change that goes back
    and writes its own hold is ruled by that one."""
    left: dict[Slot, str] = {}
    last: Standing | None = None
    seen: dict[Slot, list[str]] = {}
    for number, standing in enumerate(standings):
        now = _pins(standing.state)
        before = _pins(standings[number - 1].state) if number else {}
        went_back = False
        for slot, version in now.items():
            old = before.get(slot)
            if old is None or old == version:
                continue
            if _is_back(version, old, seen.get(slot, [])):
                went_back = True
                if standing.commit not in told:
                    left[slot] = _newest(left.get(slot), old)
            elif slot in left and not _is_below(version, left[slot]):
                del left[slot]
        for slot, version in now.items():
            seen.setdefault(slot, []).append(version)
        if went_back:
            last = standing
    if not left or last is None:
        return None
    return _hold(standings[-1].state, last, left)


def left_behind(before: State, after: State) -> tuple[Named, ...]:
    """The versions that a change from `before` to `after` leaves: what a hold has to turn away."""
    was, now = _pins(before), _pins(after)
    gone = {(slot.name, text) for slot, text in was.items() if slot in now and now[slot] != text}
    return tuple(sorted(gone))


def _pins(state: State) -> dict[Slot, str]:
    return {pin.slot: pin.content for pin in state.pins if pin.content}


def _is_back(version: str, old: str, seen: Sequence[str]) -> bool:
    """Whether `version` after `old` goes back: it is older, or it stood there before and is not
    known to be newer."""
    down = is_older(_tag(version), _tag(old))
    return down is True or (version in seen and down is None)


def _is_below(version: str, left: str) -> bool:
    return is_older(_tag(version), _tag(left)) is True


def _newest(known: str | None, old: str) -> str:
    return known if known and is_older(_tag(old), _tag(known)) is True else old


def _tag(version: str) -> str:
    return version.partition("@")[0]


def _hold(state: State, last: Standing, left: dict[Slot, str]) -> Hold:
    versions = tuple(sorted({(slot.name, text) for slot, text in left.items()}))
    shown = ", ".join(sorted({text for _, text in versions}))
    when = f"{last.since:%Y-%m-%d %H:%M} UTC"
    return Hold(
        state.place.environment,
        state.place.app,
        versions,
        f"commit {last.commit[:12]} of {when} went back from {shown}",
        mode=NEWER,
        implied=True,
    )
