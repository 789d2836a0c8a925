"""The facts that the gates of one environment ask for, gathered from git, the forge, registries and
measurements. Nothing here decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from gitops_ci.config.model_promotion import Gate
from gitops_ci.model.errors import GitopsError
from gitops_ci.output.sink import Level
from gitops_ci.promote.gates.facts import Ban, Carried, Facts, People, Stay
from gitops_ci.promote.holds import Holds
from gitops_ci.promote.restoration import changes_only_slots
from gitops_ci.promote.rollback import is_rollback as goes_back
from gitops_ci.promote.state import Pin
from gitops_ci.promote.stays import begins_unknown, spans_of, stays_of
from gitops_ci.steps.gate_checks import check_facts
from gitops_ci.steps.gate_endpoints import http_facts, metric_facts
from gitops_ci.steps.gate_images import image_facts
from gitops_ci.steps.gate_people import with_carriers
from gitops_ci.steps.gate_sources import Sources, timeline
from gitops_ci.steps.gate_touched import Looked, Touched
from gitops_ci.steps.promote_ground import Ground

_MOST_COMMITS = 20
_CUT = "the history is cut off: it may have stood there longer"


def facts_of(touched: Touched, looked: Looked, gate: Gate, sources: Sources) -> Facts:
    """Everything about one environment."""
    now = sources.world.clock.now()
    environment = touched.environment
    ground = sources.grounds.of(environment)
    pins = tuple(pin for item in touched.moved for pin in item.brought)
    freeze = sources.freezes.frozen(environment, now)
    back = is_rollback(touched, looked, ground)
    checks = [check for check in gate.checks if check.on == "pr" or not back]
    return Facts(
        now=now,
        environment=environment,
        carried=tuple(_carried(pin, environment, sources) for pin in _once(pins)),
        is_rollback=back,
        freeze=freeze,
        holds=tuple(_holds(touched, sources.holds, now)),
        last_change=_last_change(touched, ground),
        checks=tuple(check_facts(checks, touched, pins, sources)),
        images=()
        if back or not gate.image
        else image_facts(gate.image, pins, sources.world, looked.changed),
        metrics=() if back else tuple(metric_facts(gate.metrics, sources.world)),
        http=() if back else tuple(http_facts(gate.http, environment, touched.apps, sources.world)),
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
            line = timeline(source, pin, sources)
        except GitopsError as error:
            return Carried(name, pin.content, problem=error.message)
        found = stays_of(line, pin)
        if begins_unknown(line, pin) and not found:
            return Carried(name, pin.content, problem=_CUT)
        stays[source] = found
    return Carried(name, pin.content, stays)


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
            spans = spans_of(timeline(source, pin, sources), pin)
            found.update(dict.fromkeys(first for first, _ in spans))
    return tuple(found)[:_MOST_COMMITS]
