"""What the forge says of the checks that a gate asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.config.layout import fill
from gitops_ci.config.model_promotion import CheckGate
from gitops_ci.model.check_run import CheckRun, CheckState
from gitops_ci.model.deployment import Deployment, DeploymentState
from gitops_ci.model.errors import EndpointError, UsageError
from gitops_ci.promote.gates.facts import CheckFact
from gitops_ci.promote.state import Pin
from gitops_ci.promote.stays import spans_of
from gitops_ci.steps.gate_origins import origin_of
from gitops_ci.steps.gate_sources import Sources, timeline
from gitops_ci.steps.gate_touched import Touched
from gitops_ci.steps.images import carried_images

_MOST_COMMITS = 20
_RANKS = (CheckState.SUCCESS, CheckState.PENDING, CheckState.FAILURE, CheckState.NEUTRAL)


def check_facts(
    checks: Iterable[CheckGate], touched: Touched, pins: tuple[Pin, ...], sources: Sources
) -> Iterator[CheckFact]:
    """One fact for each check, app and, for checks of the commits that images were built from,
    each image that is carried."""
    apps = sorted(touched.apps) or [""]
    for check in checks:
        if check.on == "image":
            yield from (_on_image(check, pin, touched, sources) for pin in carried_images(pins))
            continue
        names = [fill(check.name, {"app": app, "env": touched.environment}) for app in apps]
        for name in dict.fromkeys(names):
            yield _check(check, name, touched, pins, sources)


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


def _on_image(check: CheckGate, pin: Pin, touched: Touched, sources: Sources) -> CheckFact:
    wanted = fill(check.name, {"app": pin.site.app, "env": touched.environment})
    name = f"{wanted} of {pin.site.repository} {pin.content}"
    if sources.service is None:
        return CheckFact(check, name, problem="there is no forge to ask")
    try:
        origin = origin_of(pin, sources.config, sources.service, sources.world)
        elsewhere = sources.world.forges.service(origin.repository)
        assert elsewhere is not None
        return CheckFact(check, name, _named(elsewhere.checks(origin.revision), wanted))
    except (EndpointError, UsageError) as error:
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
            for first, end in spans_of(timeline(source, pin, sources), pin):
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
