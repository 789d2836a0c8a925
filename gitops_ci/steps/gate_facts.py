"""The facts that the gates of one environment ask for, gathered from git, the forge, registries and
measurements. Nothing here decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gitops_ci.config.layout import fill
from gitops_ci.config.model import Config
from gitops_ci.config.model_promotion import CheckGate, Gate
from gitops_ci.forge.port import Service
from gitops_ci.model.check_run import CheckRun, CheckState
from gitops_ci.model.deployment import Deployment, DeploymentState
from gitops_ci.model.errors import EndpointError, GitopsError
from gitops_ci.output.sink import Level
from gitops_ci.promote.epochs import Timeline
from gitops_ci.promote.freeze import Freezes
from gitops_ci.promote.gates.facts import (
    Ban,
    Carried,
    CheckFact,
    Facts,
    People,
    Stay,
)
from gitops_ci.promote.holds import Holds
from gitops_ci.promote.restoration import changes_only_slots
from gitops_ci.promote.rollback import is_rollback as goes_back
from gitops_ci.promote.state import Pin
from gitops_ci.promote.stays import begins_unknown, spans_of, stays_of
from gitops_ci.steps.gate_endpoints import http_facts, metric_facts
from gitops_ci.steps.gate_images import image_facts
from gitops_ci.steps.gate_people import with_carriers
from gitops_ci.steps.gate_touched import Looked, Touched
from gitops_ci.steps.promote_ground import Ground, Grounds
from gitops_ci.steps.world import World

_MOST_COMMITS = 20
_CUT = "the history is cut off: it may have stood there longer"
_RANKS = (CheckState.SUCCESS, CheckState.PENDING, CheckState.FAILURE, CheckState.NEUTRAL)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from. `service` is None without a forge; `head` is the judged commit."""

    world: World
    config: Config
    grounds: Grounds
    freezes: Freezes
    holds: Holds
    service: Service | None
    people: People | None
    head: str


def facts_of(touched: Touched, looked: Looked, gate: Gate, sources: Sources) -> Facts:
    """Everything about one environment."""
    now = sources.world.clock.now()
    environment = touched.environment
    ground = sources.grounds.of(environment)
    pins = tuple(pin for item in touched.moved for pin in item.brought)
    freeze = sources.freezes.frozen(environment, now)
    back = is_rollback(touched, looked, ground)
    return Facts(
        now=now,
        environment=environment,
        carried=tuple(_carried(pin, environment, sources) for pin in _once(pins)),
        is_rollback=back,
        freeze=freeze,
        holds=tuple(_holds(touched, sources.holds, now)),
        last_change=_last_change(touched, ground),
        checks=tuple(_checks(gate, touched, pins, sources)),
        images=()
        if back or not gate.image
        else image_facts(gate.image, pins, sources.world, looked.changed),
        metrics=() if back else tuple(metric_facts(gate.metrics, sources.world)),
        http=()
        if back
        else tuple(http_facts(gate.http, environment, _apps(touched), sources.world)),
        people=_people(gate, touched, pins, sources, back=back),
    )


def is_rollback(touched: Touched, looked: Looked, ground: Ground) -> bool:
    """Whether the change does nothing to the environment but bring back states that stood there."""
    if not touched.moved:
        return False
    owned = {path for item in touched.moved for path in (*item.before.paths, *item.after.paths)}
    if not set(touched.paths) <= owned:
        return False
    for item in touched.moved:
        if not goes_back(item.after, ground.standings(item.place)):
            return False
        mine = (*item.before.paths, *item.after.paths)
        paths = [path for path in touched.paths if path in mine]
        if not changes_only_slots(paths, item.before, item.after, looked.old, looked.new):
            return False
    return True


def _once(pins: Iterable[Pin]) -> Iterator[Pin]:
    unique = {(pin.slot.name, pin.content): pin for pin in pins}
    yield from unique.values()


def _carried(pin: Pin, environment: str, sources: Sources) -> Carried:
    name = pin.slot.name or pin.slot.file
    stays: dict[str, tuple[Stay, ...]] = {}
    for source in sources.config.environments[environment].sources.names:
        try:
            timeline = _timeline(source, pin, sources)
        except GitopsError as error:
            return Carried(name, pin.content, problem=error.message)
        found = stays_of(timeline, pin)
        if begins_unknown(timeline, pin) and not found:
            return Carried(name, pin.content, problem=_CUT)
        stays[source] = found
    return Carried(name, pin.content, stays)


def _timeline(source: str, pin: Pin, sources: Sources) -> Timeline:
    """What stood in the source at the places that ever held something of the pin's name."""
    ground = sources.grounds.of(source)
    states = ground.sight.states
    places = tuple(
        place
        for place, state in states.items()
        if place.environment == source
        and any(
            other.slot.name == pin.slot.name or other.slot.spot == pin.slot.spot
            for other in state.pins
        )
    )
    return ground.timeline(places) if places else Timeline(())


def _holds(touched: Touched, holds: Holds, now: datetime) -> Iterator[tuple[str, Ban]]:
    for item in touched.moved:
        coming = tuple((pin.slot.name, pin.content) for pin in item.brought)
        hold = holds.held(item.place.app, touched.environment, coming, now) if coming else None
        if hold is not None:
            yield item.place.app, hold


def _last_change(touched: Touched, ground: Ground) -> datetime | None:
    """When a version or value of the environment changed last on the base."""
    places = tuple(p for p in ground.sight.states if p.environment == touched.environment)
    epochs = ground.timeline(places).epochs if places else ()
    times = [epoch.since for epoch in epochs if epoch.since and not epoch.first]
    return max(times, default=None)


def _people(
    gate: Gate, touched: Touched, pins: tuple[Pin, ...], sources: Sources, *, back: bool
) -> People | None:
    """The people of the pull request; where approvals count, those who brought the carried versions
    into their sources are carriers too."""
    people, asked = sources.people, gate.approvals
    if people is None or sources.service is None or back or asked is None or not asked.not_author:
        return people
    return with_carriers(people, _bringing(touched, pins, sources), sources.service)


def _bringing(touched: Touched, pins: tuple[Pin, ...], sources: Sources) -> tuple[str, ...]:
    """The commits of this repository that brought a carried version into a source."""
    environments, found = sources.config.environments, dict[str, None]()
    for source in environments[touched.environment].sources.names:
        if environments[source].repo:
            text = f"who brought versions into {source} is not known: another repository"
            sources.world.sink.log(text, Level.WARNING)
            continue
        for pin in pins:
            spans = spans_of(_timeline(source, pin, sources), pin)
            found.update(dict.fromkeys(first for first, _ in spans))
    return tuple(found)[:_MOST_COMMITS]


def _checks(
    gate: Gate, touched: Touched, pins: tuple[Pin, ...], sources: Sources
) -> Iterator[CheckFact]:
    apps = sorted(_apps(touched)) or [""]
    for check in gate.checks:
        names = [fill(check.name, {"app": app, "env": touched.environment}) for app in apps]
        for name in dict.fromkeys(names):
            yield _check(check, name, touched, pins, sources)


def _apps(touched: Touched) -> set[str]:
    return {item.place.app for item in touched.moved}


def _check(
    check: CheckGate, name: str, touched: Touched, pins: tuple[Pin, ...], sources: Sources
) -> CheckFact:
    if sources.service is None:
        return CheckFact(check, name, problem="there is no forge to ask")
    try:
        if check.on == "pr":
            return CheckFact(check, name, _named(sources.service.checks(sources.head), name))
        commits = _commits(touched, pins, sources)
        if check.on == "deployment":
            return CheckFact(check, name, _deployed(commits, touched, sources))
        found = (_named(sources.service.checks(commit), name) for commit in commits)
        return CheckFact(check, name, _best(state for state in found if state is not None))
    except EndpointError as error:
        return CheckFact(check, name, problem=error.message)


def _named(checks: Iterable[CheckRun], name: str) -> CheckState | None:
    return _best(check.state for check in checks if check.name == name)


def _best(states: Iterable[CheckState]) -> CheckState | None:
    known = set(states)
    return next((state for state in _RANKS if state in known), None)


def _commits(touched: Touched, pins: tuple[Pin, ...], sources: Sources) -> tuple[str, ...]:
    """First-parent commits at which a carried version stood in a source: the ones that brought it,
    and those after them for as long as it stood."""
    found: dict[str, None] = {}
    for source in sources.config.environments[touched.environment].sources.names:
        ground = sources.grounds.of(source)
        for pin in pins:
            for first, end in spans_of(_timeline(source, pin, sources), pin):
                line = ground.line(first, end, _MOST_COMMITS)
                found.update(dict.fromkeys(line))
    return tuple(found)[: _MOST_COMMITS * 2]


def _deployed(commits: tuple[str, ...], touched: Touched, sources: Sources) -> CheckState | None:
    assert sources.service is not None
    service = sources.service
    names = sources.config.environments[touched.environment].sources.names
    return _best(
        _went(deployment)
        for source in names
        for deployment in service.deployments(source)
        if deployment.sha in commits
    )


def _went(deployment: Deployment) -> CheckState:
    """A success that a later deployment has replaced is still a success."""
    if deployment.state is DeploymentState.INACTIVE and deployment.succeeded:
        return CheckState.SUCCESS
    return _STATES[deployment.state]


_STATES = {
    DeploymentState.SUCCESS: CheckState.SUCCESS,
    DeploymentState.FAILURE: CheckState.FAILURE,
    DeploymentState.PENDING: CheckState.PENDING,
    DeploymentState.RUNNING: CheckState.PENDING,
    DeploymentState.INACTIVE: CheckState.NEUTRAL,
}
