"""The work of `gate`: which changes are judged, by which configuration, and who is told."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.findings.fingerprint import fingerprint
from gitops_ci.forge.port import Service
from gitops_ci.git.repository import Git
from gitops_ci.model import exits
from gitops_ci.model.check_run import CheckState, CommitStatus
from gitops_ci.model.errors import UsageError
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.forge_errors import ForgeError
from gitops_ci.model.report import Judged, Report, Status
from gitops_ci.model.span import Location
from gitops_ci.output.sink import Level
from gitops_ci.promote.gates.rules import CLOSED, UNREADABLE
from gitops_ci.promote.gates.verdict import State, Verdict
from gitops_ci.steps.automerge import may_merge, merge_ruled
from gitops_ci.steps.comparison import AUTO, comparison
from gitops_ci.steps.context import Occasion
from gitops_ci.steps.delivery import deliver, delivery_of
from gitops_ci.steps.gate import Inputs
from gitops_ci.steps.gate_deployments import record
from gitops_ci.steps.gate_law import law_of
from gitops_ci.steps.gate_rule import (
    NOTHING,
    Ruled,
    change_of_pull,
    change_of_range,
    rule,
)
from gitops_ci.steps.gate_touched import Change, Touched
from gitops_ci.steps.reading import reader
from gitops_ci.steps.world import World
from gitops_ci.steps.writing_guard import refuse_untrusted

_EXITS = {State.OPEN: exits.OK, State.CLOSED: exits.FINDINGS, State.UNREADABLE: exits.ENDPOINT}
_STATES = {
    State.OPEN: CheckState.SUCCESS,
    State.CLOSED: CheckState.PENDING,
    State.UNREADABLE: CheckState.FAILURE,
}


def gate(inputs: Inputs, world: World) -> int:
    """The exit code; the verdict goes to stdout, to reports and, if wanted, to a status."""
    git = _git(world)
    if inputs.deployment:
        return record(inputs, world, git)
    if inputs.set_status:
        refuse_untrusted(world, "gate --set-status")
    service = world.forges.service() if _asks_a_forge(inputs, world) else None
    if world.context.occasion is Occasion.OTHER and not inputs.pull and not inputs.range_:
        return _sweep(inputs, world, git, service)
    change = _change(inputs, world, git, service)
    law = law_of(change, git, world, service)
    ruled = rule(change, law, git, world, service)
    if inputs.set_status and service is not None:
        _set_status(change.head, ruled, inputs, service, world)
    report = _report(ruled)
    delivery = replace(
        delivery_of(inputs, world, "gate", 0.0), seconds=None, head=change.head,
        number=change.pull.number if change.pull else 0,
    )  # fmt: skip
    world.progress.end()
    deliver(report, delivery, world, law.config, reader(world.tree))
    return _EXITS[ruled.state]


def _change(inputs: Inputs, world: World, git: Git, service: Service | None) -> Change:
    """The change that is meant: a range, a pull request, or that of the run."""
    if inputs.range_:
        return change_of_range(inputs.range_[0], git)
    number = inputs.pull or world.context.pull_request
    if number and service is not None:
        pull = service.pull(number)
        return change_of_pull(pull, git, service)
    compared = comparison(world, AUTO)
    assert compared is not None
    head = world.context.head or git.rev_parse("HEAD")
    return Change(compared.base, compared.fork, head, branch=world.context.branch)


def _sweep(inputs: Inputs, world: World, git: Git, service: Service | None) -> int:
    """Judge every open pull request, as a schedule does: a closed gate is no failure of it."""
    if service is None:
        raise UsageError("there is no forge to ask for pull requests", "name a range: BASE..HEAD")
    lines, worst = [], exits.OK
    for pull in service.open_pulls():
        try:
            change = change_of_pull(pull, git, service)
            law = law_of(change, git, world, service)
            ruled = rule(change, law, git, world, service)
            if inputs.set_status:
                _set_status(pull.head_sha, ruled, inputs, service, world)
            merged = _merged(change, ruled, law.config, git, service)
        except ForgeError as error:
            lines.append(f"#{pull.number} cannot be judged: {error.message}")
            worst = exits.ENDPOINT
            continue
        lines.append(f"#{pull.number} {ruled.state.value}: {ruled.summary}")
        lines += [merged] if merged else []
        worst = exits.ENDPOINT if ruled.state is State.UNREADABLE else worst
    world.sink.result("\n".join(lines) or "no open pull request")
    return worst


def _merged(change: Change, ruled: Ruled, config: Config, git: Git, service: Service) -> str:
    """What came of merging an open proposal of our own; empty for everybody else's changes."""
    if ruled.state is not State.OPEN or not may_merge(change, config, git):
        return ""
    return merge_ruled(change, ruled, config, git, service)


def _set_status(head: str, ruled: Ruled, inputs: Inputs, service: Service, world: World) -> None:
    status = CommitStatus(inputs.name, _STATES[ruled.state], ruled.summary)
    service.set_status(head, status)
    world.sink.log(f"{inputs.name} is {status.state.value} on {head[:10]}", Level.INFO)


def _report(ruled: Ruled) -> Report:
    status = {State.OPEN: Status.PASS, State.CLOSED: Status.FAIL}.get(ruled.state, Status.FAIL)
    shown = tuple(
        Judged(finding, fingerprint(finding, lambda _path: None))
        for touched, judgement in ruled.judgements
        for verdict in judgement.verdicts
        if not verdict.is_open
        for finding in (_finding(touched, verdict),)
    )
    return Report(status, shown, remarks=tuple(_remarks(ruled)))


def _finding(touched: Touched, verdict: Verdict) -> Finding:
    rule_ = UNREADABLE if verdict.state is State.UNREADABLE else CLOSED
    path = touched.paths[0] if touched.paths else ""
    if not path and touched.moved:
        path = min(touched.moved[0].after.paths | touched.moved[0].before.paths, default="")
    return found(
        rule_,
        f"{touched.environment}: {verdict.gate} is closed: {verdict.text}",
        Location(path or "."),
        environment=touched.environment,
        hint=verdict.hint,
        key=f"{touched.environment} {verdict.gate}",
    )


def _remarks(ruled: Ruled) -> Iterator[str]:
    if not ruled.judgements:
        yield NOTHING
    for touched, judgement in ruled.judgements:
        for verdict in judgement.verdicts:
            if verdict.is_open:
                yield f"{touched.environment}: {verdict.gate} is open: {verdict.text}"


def _asks_a_forge(inputs: Inputs, world: World) -> bool:
    return bool(inputs.pull or inputs.set_status) or world.context.occasion is not Occasion.LOCAL


def _git(world: World) -> Git:
    if world.git is None:
        raise UsageError("this is not a git repository", "`gate` compares two of its states")
    return world.git
