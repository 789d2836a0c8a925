"""Which state of the source an app moves to: the newest one that its gates let pass.

A source that changes often would starve its targets if only its present state counted, because
that one never stood long enough. So the source's history is walked back to the newest state that
met its gates while it stood there. What somebody went back from there is no candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.promote.epochs import Epoch, Timeline
from gitops_ci.promote.gates.verdict import Verdict, closed
from gitops_ci.promote.plan import Candidate, Chosen
from gitops_ci.promote.request import Edge, Request, Wanted, wanted_version
from gitops_ci.promote.side import Sides
from gitops_ci.promote.slots import Place
from gitops_ci.promote.state import State
from gitops_ci.promote.versions.semver import is_older

FROM = "from"
"""The gate of an environment that takes only what stood in several others."""


class Question(Struct, frozen=True):
    """What gates are asked: may `apps` move into `target` as they were in `source` in `epoch`?"""

    target: str
    source: str
    apps: tuple[str, ...]
    epoch: Epoch


Judge = Callable[[Question], tuple[Verdict, ...]]
"""The verdicts of all gates that are known at planning."""

Brings = Callable[[tuple[State, ...]], bool]
"""Whether states of the source would change anything in the target."""


class Choice(Struct, frozen=True):
    """How candidates are chosen for `apps` over one edge of the graph."""

    edge: Edge
    apps: tuple[str, ...]
    sides: Sides
    request: Request
    judge: Judge
    brings: Brings

    def choose(self) -> Chosen:
        """The newest candidate that may move, of all sources or of any one of them."""
        if not self.edge.any:
            return self._from(self.edge.sources[0], self.edge.sources[1:])
        known = [name for name in self.edge.sources if self._places(name)]
        chosen = [self._from(name, ()) for name in known or self.edge.sources[:1]]
        best = chosen[0]
        for other in chosen[1:]:
            best = other if _is_newer(other.candidate, best.candidate) else best
        return best

    def _places(self, source: str) -> tuple[Place, ...]:
        side = self.sides(source)
        return tuple(place for app in self.apps for place in side.places(app))

    def _present(self, source: str) -> tuple[State, ...]:
        states = self.sides(source).states
        return tuple(states[place] for place in self._places(source))

    def _timeline(self, source: str) -> Timeline:
        return self.sides(source).timeline(self._places(source))

    def _from(self, source: str, others: Sequence[str]) -> Chosen:
        wanted = wanted_version(self.request.version) if self.request.version else None
        passed: list[Candidate] = []
        if wanted is None and not self.brings(self._present(source)):
            return Chosen(self.edge.target, self.apps, None)
        for epoch, retracted in self._timeline(source).newest_first():
            if wanted is not None and not _holds(epoch, wanted):
                continue
            if not self.brings(epoch.states):
                break  # the target is there already, and what is older would only lead back
            candidate = self._candidate(source, others, epoch)
            candidate = replace(candidate, retracted=retracted)
            newest = self.request.newest and not candidate.banned
            if wanted is not None or newest or candidate.eligible:
                return Chosen(self.edge.target, self.apps, candidate, tuple(passed))
            passed.append(candidate)
        return Chosen(self.edge.target, self.apps, None, tuple(passed))

    def _candidate(self, source: str, others: Sequence[str], epoch: Epoch) -> Candidate:
        verdicts = list(self._judged(source, epoch))
        for other in others:
            found = next(
                (
                    theirs
                    for theirs, retracted in self._timeline(other).newest_first()
                    if not retracted and agree(epoch.states, theirs.states)
                ),
                None,
            )
            if found is None:
                text = f"it has not stood in {other}, which {self.edge.target} takes from as well"
                verdicts.append(closed(FROM, text, hint=f"promote it to {other} first"))
            else:
                verdicts += self._judged(other, found)
        return Candidate(source, epoch, tuple(verdicts))

    def _judged(self, source: str, epoch: Epoch) -> tuple[Verdict, ...]:
        return self.judge(Question(self.edge.target, source, self.apps, epoch))


def agree(mine: Sequence[State], others: Sequence[State]) -> bool:
    """Whether both hold the same versions of everything that both hold, and share something of
    every app: what never stood in the other one is not known to be good there."""
    left, right = _by_name(mine), _by_name(others)
    shared = left.keys() & right.keys()
    if {app for app, _, _ in left} != {app for app, _, _ in shared}:
        return False
    return bool(shared) and all(left[name] == right[name] for name in shared)


def _by_name(found: Sequence[State]) -> dict[tuple[str, str, str], frozenset[str]]:
    names: dict[tuple[str, str, str], set[str]] = {}
    for state in found:
        for pin in state.pins:
            key = (state.place.app, pin.slot.sort, pin.slot.name)
            names.setdefault(key, set()).add(pin.content)
    return {key: frozenset(versions) for key, versions in names.items()}


def _holds(epoch: Epoch, wanted: Wanted) -> bool:
    return any(wanted.is_held(pin) for state in epoch.states for pin in state.pins)


def _is_newer(one: Candidate | None, other: Candidate | None) -> bool:
    """By version where the two compare, else by when they came."""
    if one is None or other is None:
        return other is None and one is not None
    left, right = _tags(one), _tags(other)
    told = {is_older(right[name], left[name]) for name in left.keys() & right.keys()}
    told -= {None}
    if told == {True}:
        return True
    if told and any(is_older(left[n], right[n]) for n in left.keys() & right.keys()):
        return False
    if one.epoch.since is None or other.epoch.since is None:
        return False
    return one.epoch.since > other.epoch.since


def _tags(candidate: Candidate) -> dict[str, str]:
    pins = (pin for state in candidate.epoch.states for pin in state.pins)
    return {pin.slot.name: pin.version.tag for pin in pins}
