"""The work of `gate`: which changes are judged, by which configuration, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gitops_ci.config.load import load
from gitops_ci.config.model import Config
from gitops_ci.config.model_promotion import Gate
from gitops_ci.documents.read import read
from gitops_ci.findings.fingerprint import fingerprint
from gitops_ci.forge.port import Service
from gitops_ci.git.repository import Git
from gitops_ci.model import exits
from gitops_ci.model.check_run import CheckState, CommitStatus
from gitops_ci.model.errors import ConfigError, UsageError
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.forge_errors import ForgeError
from gitops_ci.model.pull_request import PullRequest
from gitops_ci.model.report import Judged, Report, Status
from gitops_ci.model.span import Location
from gitops_ci.output.sink import Level
from gitops_ci.promote.freeze import Freezes, read_freeze, read_variable
from gitops_ci.promote.gates.facts import People
from gitops_ci.promote.gates.judge import Judgement, judge
from gitops_ci.promote.gates.rules import CLOSED, UNREADABLE
from gitops_ci.promote.gates.verdict import State, Verdict
from gitops_ci.promote.holds import PATH as HOLDS
from gitops_ci.promote.holds import read_holds
from gitops_ci.promote.soaking import gate_of
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.steps.comparison import AUTO, comparison
from gitops_ci.steps.context import Occasion
from gitops_ci.steps.delivery import deliver, delivery_of
from gitops_ci.steps.gate import Inputs
from gitops_ci.steps.gate_facts import Sources, facts_of
from gitops_ci.steps.gate_people import people_of
from gitops_ci.steps.gate_touched import Change, Touched, look
from gitops_ci.steps.promote_ground import Grounds
from gitops_ci.steps.reading import config_reader, reader
from gitops_ci.steps.world import World

_EXITS = {State.OPEN: exits.OK, State.CLOSED: exits.FINDINGS, State.UNREADABLE: exits.ENDPOINT}
_STATES = {
    State.OPEN: CheckState.SUCCESS,
    State.CLOSED: CheckState.PENDING,
    State.UNREADABLE: CheckState.FAILURE,
}
_NOTHING = "no gated environment is touched"


@dataclass(frozen=True, slots=True)
class Ruled:
    """The verdict on one change, with what was touched."""

    judgements: tuple[tuple[Touched, Judgement], ...]

    @property
    def state(self) -> State:
        """The worst of all environments."""
        states = {judgement.state for _, judgement in self.judgements}
        for state in (State.UNREADABLE, State.CLOSED):
            if state in states:
                return state
        return State.OPEN

    @property
    def summary(self) -> str:
        """In one line: what keeps it closed, with the time at which it opens, or that all is
        open."""
        shut = [
            f"{judgement.environment} {verdict.gate}: {verdict.text}"
            for _, judgement in self.judgements
            for verdict in judgement.verdicts
            if not verdict.is_open
        ]
        if shut:
            return "; ".join(shut)
        names = ", ".join(judgement.environment for _, judgement in self.judgements)
        return f"open for {names}" if names else _NOTHING


def gate(inputs: Inputs, world: World) -> int:
    """The exit code; the verdict goes to stdout, to reports and, if wanted, to a status."""
    git = _git(world)
    service = world.forges.service() if _asks_a_forge(inputs, world) else None
    if world.context.occasion is Occasion.OTHER and not inputs.pull and not inputs.range_:
        return _sweep(inputs, world, git, service)
    change = _change(inputs, world, git, service)
    config = config_at(change.base, git, world)
    ruled = rule(change, config, git, world, service)
    if inputs.set_status and service is not None:
        _set_status(change.head, ruled, inputs, service, world)
    report = _report(ruled)
    delivery = replace(
        delivery_of(inputs, world, "gate", 0.0), seconds=None, head=change.head,
        number=change.pull.number if change.pull else 0,
    )  # fmt: skip
    world.progress.end()
    deliver(report, delivery, world, config, reader(world.tree))
    return _EXITS[ruled.state]


def rule(change: Change, config: Config, git: Git, world: World, service: Service | None) -> Ruled:
    """The verdict on a change, now. Raises GitopsError."""
    if not config.gates:
        return Ruled(())
    looked = look(change, git, config, world)
    gated = [(item, gate) for item in looked.touched if (gate := _gate(item, config)) is not None]
    if not gated:
        return Ruled(())
    sources = _sources(change, config, git, world, service)
    judgements = []
    for item, its_gate in gated:
        facts = facts_of(item, looked, its_gate, sources)
        asked = config.environments[item.environment].sources
        judgements.append((item, judge(its_gate, asked, facts)))
    return Ruled(tuple(judgements))


def config_at(base: str, git: Git, world: World) -> Config:
    """The configuration of the base, which alone rules. Raises ConfigError."""
    loaded = load(config_reader(GitTree(git, base), world), world.config_file)
    if loaded.findings:
        raise ConfigError(loaded.findings)
    return loaded.config


def _gate(item: Touched, config: Config) -> Gate | None:
    if item.environment not in config.environments:
        return None
    apps = tuple(sorted({moved.place.app for moved in item.moved}))
    return gate_of(config, item.environment, apps)


def _sources(
    change: Change, config: Config, git: Git, world: World, service: Service | None
) -> Sources:
    tree = GitTree(git, change.base)
    text = reader(tree)
    names = tuple(config.environments)
    data = text(HOLDS)
    holds = read_holds(read(HOLDS, data) if data is not None else None, names)
    freezes = read_freeze(config.freeze.file, text(config.freeze.file), names)
    freezes = freezes.joined(_announced(config, names, world, service))
    faults = (*holds.findings, *freezes.findings)
    if faults:
        raise ConfigError(faults)
    people: People | None = None
    if change.pull is not None and service is not None:
        people = people_of(change.pull, service, world.environ.get("GITHUB_ACTOR", ""))
    grounds = Grounds(world, config, proposing=True)
    return Sources(world, config, grounds, freezes, holds, service, people, change.head)


def _announced(
    config: Config, names: tuple[str, ...], world: World, service: Service | None
) -> Freezes:
    """What a variable freezes: that of the job, else that of the forge, if it may be read."""
    name = config.freeze.variable
    text = world.environ.get(name)
    if text is None and service is not None:
        try:
            text = service.variable(name)
        except ForgeError as error:
            world.sink.log(f"the variable {name} cannot be read: {error.message}", Level.INFO)
    return read_variable(name, text, names)


def _change(inputs: Inputs, world: World, git: Git, service: Service | None) -> Change:
    """The change that is meant: a range, a pull request, or that of the run."""
    if inputs.range_:
        base, dots, head = inputs.range_[0].partition("..")
        tip, end = git.rev_parse(base or "HEAD"), git.rev_parse(head.lstrip(".") or "HEAD")
        if not dots:
            end = git.rev_parse("HEAD")
        return Change(tip, git.merge_base(tip, end), end)
    number = inputs.pull or world.context.pull_request
    if number and service is not None:
        pull = service.pull(number)
        return _of_pull(pull, git, service)
    compared = comparison(world, AUTO)
    assert compared is not None
    return Change(compared.base, compared.fork, world.context.head or git.rev_parse("HEAD"))


def _of_pull(pull: PullRequest, git: Git, service: Service) -> Change:
    head = git.find(pull.head_sha) or service.fetch(pull.head_sha)
    base = service.forge.tip(pull.base) or git.rev_parse(pull.base_sha)
    return Change(base, git.merge_base(base, head), head, pull)


def _sweep(inputs: Inputs, world: World, git: Git, service: Service | None) -> int:
    """Judge every open pull request, as a schedule does: a closed gate is no failure of it."""
    if service is None:
        raise UsageError("there is no forge to ask for pull requests", "name a range: BASE..HEAD")
    lines, worst = [], exits.OK
    for pull in service.open_pulls():
        try:
            change = _of_pull(pull, git, service)
            config = config_at(change.base, git, world)
            ruled = rule(change, config, git, world, service)
        except ForgeError as error:
            lines.append(f"#{pull.number} cannot be judged: {error.message}")
            worst = exits.ENDPOINT
            continue
        if inputs.set_status:
            _set_status(pull.head_sha, ruled, inputs, service, world)
        lines.append(f"#{pull.number} {ruled.state.value}: {ruled.summary}")
        worst = exits.ENDPOINT if ruled.state is State.UNREADABLE else worst
    world.sink.result("\n".join(lines) or "no open pull request")
    return worst


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
        yield _NOTHING
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
