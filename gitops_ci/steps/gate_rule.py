"""The verdict of the gates on one change: what it touches, which gates are there, what is known."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.config.model_promotion import Gate
from gitops_ci.forge.port import Service
from gitops_ci.git.repository import Git
from gitops_ci.model.forge_errors import ForgeError
from gitops_ci.model.pull_request import PullRequest
from gitops_ci.output.sink import Level
from gitops_ci.promote.freeze import Freezes, read_variable
from gitops_ci.promote.gates.facts import People
from gitops_ci.promote.gates.judge import Judgement, judge
from gitops_ci.promote.gates.verdict import State
from gitops_ci.promote.soaking import gate_of
from gitops_ci.promote.units import wants_merges
from gitops_ci.steps.bans import require_sound, written_in
from gitops_ci.steps.gate_facts import facts_of
from gitops_ci.steps.gate_law import Law
from gitops_ci.steps.gate_people import people_of, proposer
from gitops_ci.steps.gate_sources import Sources
from gitops_ci.steps.gate_touched import Change, Touched, look
from gitops_ci.steps.promote_ground import Grounds
from gitops_ci.steps.world import World

NOTHING = "no gated environment is touched"


class Ruled(Struct, frozen=True):
    """The verdict on one change. `environments` are all that it touches, gated or not, as far as
    anybody needed to look."""

    judgements: tuple[tuple[Touched, Judgement], ...] = ()
    environments: tuple[str, ...] = ()

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
        return f"open for {names}" if names else NOTHING


def rule(change: Change, law: Law, git: Git, world: World, service: Service | None) -> Ruled:
    """The verdict on a change, now. Raises GitopsError."""
    config = law.config
    if not config.gates and not wants_merges(config):
        return Ruled()
    looked = look(change, git, law.here, world)
    names = tuple(item.environment for item in looked.touched)
    gated = [(item, gate) for item in looked.touched if (gate := _gate(item, config)) is not None]
    if not gated:
        return Ruled((), names)
    sources = _sources(change, law, world, service)
    judgements = []
    for item, its_gate in gated:
        facts = facts_of(item, looked, its_gate, sources)
        asked = config.environments[item.environment].sources
        judgements.append((item, judge(its_gate, asked, facts)))
    return Ruled(tuple(judgements), names)


def _gate(item: Touched, config: Config) -> Gate | None:
    if item.environment not in config.environments:
        return None
    apps = tuple(sorted({moved.place.app for moved in item.moved}))
    return gate_of(config, item.environment, apps)


def _sources(change: Change, law: Law, world: World, service: Service | None) -> Sources:
    config = law.config
    names = tuple(config.environments)
    holds, freezes = written_in(law.trees, config)
    freezes = freezes.joined(_announced(config, names, world, service))
    require_sound(holds, freezes)
    people: People | None = None
    if change.pull is not None and service is not None:
        people = people_of(change.pull, service, proposer(world))
    forge = service.forge if service is not None else None
    grounds = Grounds(world, config, proposing=True, forge=forge)
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


def change_of_range(text: str, git: Git) -> Change:
    """The change from BASE to HEAD, which stand for HEAD where they are left out. It goes to BASE,
    if that names a branch. Raises UsageError."""
    base, head = ends_of(text)
    tip, end = git.rev_parse(base or "HEAD"), git.rev_parse(head or "HEAD")
    return Change(tip, git.merge_base(tip, end), end, branch=branch_of(base, git))


def ends_of(text: str) -> tuple[str, str]:
    """The words before and behind the dots of a range, empty where they are left out."""
    base, _, head = text.partition("..")
    return base, head.lstrip(".")


def branch_of(revision: str, git: Git) -> str:
    """The short name of the branch that the words of a range name; empty for anything else."""
    if revision in ("", "HEAD"):
        return git.branch()
    name = revision.removeprefix("origin/")
    return name if name in git.branches() else ""


def change_of_pull(pull: PullRequest, git: Git, service: Service) -> Change:
    """The change that a pull request proposes, on the tip of its base as the forge has it now. Its
    commits are in the local repository afterwards. Raises ForgeError."""
    head = git.find(pull.head_sha) or service.fetch(pull.head_sha)
    base = service.forge.tip(pull.base) or git.rev_parse(pull.base_sha)
    return Change(base, git.merge_base(base, head), head, pull, pull.base)
