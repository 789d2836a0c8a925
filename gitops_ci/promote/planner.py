"""The planner of promotions: what stands in the environments, and what is asked, to a Plan. Pure:
the same input gives the same plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.globs import name_matches
from gitops_ci.config.model import Config
from gitops_ci.model.errors import UsageError
from gitops_ci.promote.candidates import Choice, Judge
from gitops_ci.promote.epochs import Epoch
from gitops_ci.promote.moves import Move, Refusal, edits_of
from gitops_ci.promote.outcome import Outcome
from gitops_ci.promote.plan import Candidate, Chosen, Left, Plan
from gitops_ci.promote.request import Edge, Request, admits_app
from gitops_ci.promote.rollout import Rollout
from gitops_ci.promote.scaffold import scaffold
from gitops_ci.promote.scope import Scope
from gitops_ci.promote.side import Side, Sides
from gitops_ci.promote.slots import Place
from gitops_ci.promote.state import State
from gitops_ci.promote.transfer import Transfer
from gitops_ci.schemas.near import near


def plan_promotion(request: Request, sides: Sides, config: Config, judge: Judge) -> Plan:
    """The plan for `request`. Raises UsageError when no app is meant."""
    plan = Plan()
    known: set[str] = set()
    for edge in request.edges:
        made, apps = _Edge(edge, request, sides, config, judge).plan()
        plan, known = plan.joined(made), known | apps
    if request.version and plan.left and not (plan.moves or plan.done or plan.refused):
        raise UsageError(plan.left[0].reason, plan.left[0].hint)
    for glob in request.filters.apps:
        if not any(name_matches(glob, app) for app in known):
            close = near(glob, sorted(known))
            hint = f"did you mean {close[0]}?" if close else f"apps: {', '.join(sorted(known))}"
            raise UsageError(f"there is no app {glob} in these environments", hint)
    return plan


class _Edge(Struct, frozen=True):
    edge: Edge
    request: Request
    sides: Sides
    config: Config
    judge: Judge

    @property
    def target(self) -> Side:
        return self.sides(self.edge.target)

    def plan(self) -> tuple[Plan, set[str]]:
        """The plan of all apps of the edge, and their names."""
        known = {app for name in self.edge.sources for app in self.sides(name).apps}
        known |= set(self.target.apps)
        plan = Plan()
        for apps in self._units(known):
            plan = plan.joined(self._unit(apps))
        return plan, known

    def _units(self, known: set[str]) -> Iterator[tuple[str, ...]]:
        """Apps that move together: the members of an atomic group, else each one for itself."""
        taken: set[str] = set()
        for group in self.config.groups.values():
            members = tuple(
                app for app in sorted(known) if any(name_matches(glob, app) for glob in group.apps)
            )
            if group.atomic and members:
                taken |= set(members)
                if any(admits_app(self.request.filters, app) for app in members):
                    yield members
        for app in sorted(known - taken):
            if admits_app(self.request.filters, app):
                yield (app,)

    def _unit(self, apps: tuple[str, ...]) -> Plan:
        early = self._missing(apps)
        if early is not None:
            return early
        here = tuple(app for app in apps if self._source(app))
        chosen = Choice(
            self.edge, here, self.sides, self.request, self.judge, self._brings
        ).choose()
        if chosen.candidate is None:
            return self._nothing(chosen)
        source = self.sides(chosen.candidate.source)
        places = tuple(place for app in here for place in source.places(app))
        transfer = Transfer(
            source,
            self.target,
            chosen.candidate.epoch,
            source.timeline(places),
            _why(chosen.candidate),
            whole=len(apps) > 1,
            named=bool(self.request.version),
        )
        rollout = Rollout(self.config, self.target, self.judge)
        return self._settled(rollout.outcome(transfer, here), chosen)

    def _source(self, app: str) -> bool:
        sides = (self.sides(name) for name in self.edge.sources)
        return any(side.states[place].holdings for side in sides for place in side.places(app))

    def _missing(self, apps: tuple[str, ...]) -> Plan | None:
        """The plan for apps that one of the two sides does not have; None when both have them."""
        target = self.edge.target
        asked = any(admits_app(self.request.filters, app) for app in apps)
        asked = asked and bool(self.request.filters.apps)
        new = [app for app in apps if not self.target.places(app)]
        gone = [app for app in apps if not self._source(app)]
        sources = " and ".join(self.edge.sources)
        if new and self.request.scaffold and not gone:
            return self._scaffolded(new)
        if new and (asked or len(apps) > 1):
            hint = "`--scaffold` proposes its files from those of the source"
            return Plan(
                refused=tuple(
                    Refusal(Place(target, app), None, f"{app} is new in {target}", hint)
                    for app in new
                )
            )
        if new:
            reason = f"{new[0]} is not in {target}; `--app {new[0]} --scaffold` proposes its files"
            return Plan(left=(Left(Place(target, new[0]), None, reason),))
        if len(gone) == len(apps):
            reason = f"{gone[0]} is not in {sources}, so nothing comes from there"
            return Plan(left=(Left(Place(target, gone[0]), None, reason),))
        return None

    def _scaffolded(self, new: list[str]) -> Plan:
        """The files of apps that are new here; the versions in them move with the next run."""
        plan = Plan()
        for app in new:
            name = next(n for n in self.edge.sources if app in self.sides(n).apps)
            why = f"proposed from {name}"
            scope = Scope(self.config.promote)
            moves, refused = scaffold(self.sides(name), self.target, app, scope, why)
            edits, impossible = edits_of(moves, self.target.source)
            plan = plan.joined(Plan(moves, refused=(*refused, *impossible), edits=edits))
        return plan

    def _brings(self, states: Sequence[State]) -> bool:
        """Whether states of a source would move anything in the target."""
        apps = tuple(dict.fromkeys(state.place.app for state in states))
        source = next(
            (n for n in self.edge.sources if any(s.place.environment == n for s in states)), ""
        )
        epoch = Epoch(tuple(states))
        transfer = Transfer(self.sides(source or self.edge.sources[0]), self.target, epoch)
        outcomes = (transfer.to(place) for app in apps for place in self.target.places(app))
        return any(outcome.moves or outcome.refused for outcome in outcomes)

    def _nothing(self, chosen: Chosen) -> Plan:
        """Nothing moves: what is there already, what is ahead, what waits for a gate."""
        outcome = Outcome()
        source = next((n for n in self.edge.sources if self.sides(n).apps), self.edge.sources[0])
        side = self.sides(source)
        states = tuple(side.states[place] for app in chosen.apps for place in side.places(app))
        transfer = Transfer(side, self.target, Epoch(states))
        if not chosen.passed:
            for app in chosen.apps:
                for place in self.target.places(app):
                    outcome.add(transfer.to(place))
            if self.request.version and outcome.moves:
                return self._unknown_version(chosen, source)
        return Plan(
            done=tuple(outcome.done),
            left=tuple(outcome.left),
            refused=tuple(outcome.refused),
            chosen=(chosen,) if chosen.passed else (),
        )

    def _unknown_version(self, chosen: Chosen, source: str) -> Plan:
        reason = f"{self.request.version} has not stood in {source}, as far as its history goes"
        hint = "is it a version of another app? `--app` narrows"
        asked = bool(self.request.filters.apps)
        places = [Place(self.edge.target, app) for app in chosen.apps]
        if asked:
            return Plan(refused=tuple(Refusal(place, None, reason, hint) for place in places))
        return Plan(left=tuple(Left(place, None, reason) for place in places))

    def _settled(self, outcome: Outcome, chosen: Chosen) -> Plan:
        """The unit's plan: all of it, or nothing where something is refused."""
        moves = [m for m in outcome.moves if self.request.filters.admit_path(m.path)]
        refused = [*outcome.refused, *self._doubly_claimed(moves)]
        edits, impossible = edits_of(moves, self.target.source)
        refused += impossible
        plan = Plan(
            done=tuple(outcome.done),
            left=tuple(outcome.left),
            refused=tuple(refused),
            chosen=(chosen,),
        )
        if refused:
            return plan
        return replace(plan, moves=tuple(moves), edits=edits)

    def _doubly_claimed(self, moves: Iterable[Move]) -> Iterator[Refusal]:
        for move in moves:
            claims = self.target.spots.claims(move.path)
            if len(claims) > 1:
                reason = f"{move.path} belongs to {' and '.join(claims)} by the layouts"
                hint = "make `layouts` or `paths` of the environments narrower"
                yield Refusal(move.place, move.slot, reason, hint, move.location)


def _why(candidate: Candidate) -> str:
    epoch = candidate.epoch
    if epoch.since is None:
        return f"stands in {candidate.source}"
    verb = "stood" if epoch.until else "stands"
    when = epoch.since.strftime("%Y-%m-%d %H:%M UTC")
    return f"{verb} in {candidate.source} since {when} ({epoch.commit[:12]})"
