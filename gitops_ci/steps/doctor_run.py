"""The work of `doctor`: gather facts from the clone and from the forge, print the diagnoses."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gitops_ci.config.load import load
from gitops_ci.config.model import CONVENTIONAL, Config
from gitops_ci.documents.read import read
from gitops_ci.forge.port import GITLAB, Service
from gitops_ci.model import exits
from gitops_ci.model.forge_errors import ForbiddenError, ForgeError
from gitops_ci.operate.code_owners import PLACES, CodeOwners, read_code_owners
from gitops_ci.operate.doctor.diagnosis import Diagnosis, Health, advice, bad, good, unknown
from gitops_ci.operate.doctor.enforcement import (
    bots,
    github_rules,
    gitlab_approvals,
    gitlab_settings,
)
from gitops_ci.operate.doctor.ownership import ownership
from gitops_ci.operate.doctor.templates import template
from gitops_ci.operate.doctor.tokens import token_health
from gitops_ci.operate.doctor.workflows import Workflow, workflow_faults, workflow_of
from gitops_ci.operate.guarded import guarded_among
from gitops_ci.output.colour import Palette
from gitops_ci.output.terminal import visible
from gitops_ci.repo.tree import EntryKind, Tree
from gitops_ci.steps.doctor import Inputs
from gitops_ci.steps.reading import config_reader, reader
from gitops_ci.steps.world import World

_WORKFLOWS = ".github/workflows/"
_GITLAB_CI = ".gitlab-ci.yml"
_TOOLS = ("git", "helm", "kustomize", "kubeconform")
_SIGNS = {
    Health.GOOD: ("✓", "green"),
    Health.ADVICE: ("→", "yellow"),
    Health.BAD: ("✗", "red"),
    Health.UNKNOWN: ("?", "yellow"),
}
_DEFAULT_BRANCH = "main"


def doctor(inputs: Inputs, world: World) -> int:
    """The exit code; the diagnoses go to stdout."""
    loaded = load(config_reader(world.tree, world), world.config_file)
    config = loaded.config if not loaded.findings else Config()
    flows = tuple(_workflows(world.tree))
    found = [*_here(world, broken=len(loaded.findings), flows=flows)]
    found += ownership(guarded_among(_paths(world.tree), config), _owners(world.tree))
    if config.commits == CONVENTIONAL:
        found += template(_paths(world.tree))
    found += _there(inputs, world, config, flows)
    world.sink.result(_json(found) if inputs.format == "json" else _text(found, world))
    loose = any(item.enforces and item.health is not Health.GOOD for item in found)
    return exits.FINDINGS if inputs.require_enforced and loose else exits.OK


def _here(world: World, *, broken: int, flows: tuple[Workflow, ...]) -> Iterator[Diagnosis]:
    """What the clone tells."""
    if broken:
        yield bad(
            "configuration", f"{broken} faults", "gitops-ci check names them with their lines"
        )
    if world.git is None:
        yield bad("clone", "this is not a git repository", "the gate compares two revisions")
    elif world.git.is_shallow():
        fix = "`fetch-depth: 0` on actions/checkout, `GIT_DEPTH: 0` on GitLab"
        yield bad("clone", "the clone is shallow: no merge base, no history", fix)
    if world.git is not None and world.git.is_sparse() and world.git.is_partial():
        fix = "no `sparse-checkout` on actions/checkout; `path` limits what is checked"
        yield bad("clone", "the checkout is sparse, and the clone lacks what it leaves out", fix)
    yield from _tools(world)
    for flow in flows:
        yield from workflow_faults(flow)
    if not flows and world.tree.entry(_GITLAB_CI) is None:
        fix = "gitops-ci init writes a workflow or an include"
        yield bad("workflow", "no CI file runs gitops-ci", fix, enforces=True)


def _tools(world: World) -> Iterator[Diagnosis]:
    missing = [name for name in _TOOLS if world.programs.find(name) is None]
    if "git" in missing:
        yield bad("tools", "there is no git", "install it")
    rest = [name for name in missing if name != "git"]
    if rest:
        text = f"not found: {', '.join(rest)}"
        yield advice("tools", text, "gitops-ci tools install, where charts are rendered")
    else:
        yield good("tools", f"found: {', '.join(_TOOLS)}")


def _there(
    inputs: Inputs, world: World, config: Config, flows: tuple[Workflow, ...]
) -> Iterator[Diagnosis]:
    """What the forge tells; without a token whether the gate is enforced stays unknown."""
    fix = "give a token: GITHUB_TOKEN or GITLAB_TOKEN"
    try:
        service = world.forges.service()
        if service is None:
            yield unknown("required check", "no forge was asked", fix, enforces=True)
            return
        yield from token_health(service.token_facts(), world.clock.now())
        yield from _rules(inputs, service, config, flows)
    except ForgeError as error:
        hint = error.hint
        if isinstance(error, ForbiddenError) and error.permission:
            hint = f"the token lacks `{error.permission}`"
        yield unknown("required check", error.message, hint, enforces=True)


def _rules(
    inputs: Inputs, service: Service, config: Config, flows: tuple[Workflow, ...]
) -> Iterator[Diagnosis]:
    facts = service.repository_facts()
    branch = inputs.branch or facts.default_branch or _DEFAULT_BRANCH
    rules = service.branch_rules(branch)
    if service.name == GITLAB:
        yield from gitlab_settings(facts, rules)
        gated = any(gate.approvals or gate.rollback for gate in config.gates.values())
        yield from gitlab_approvals(rules, gated=gated)
    else:
        found = (name for flow in flows for name in flow.checks)
        expected = inputs.check or tuple(dict.fromkeys(found))
        yield from github_rules(rules, expected)
    graph = config.environments.values()
    yield from bots(facts, proposes=any(item.sources.names for item in graph))


def _workflows(tree: Tree) -> Iterator[Workflow]:
    text = reader(tree)
    for path in _paths(tree):
        if path.startswith(_WORKFLOWS) and path.endswith((".yml", ".yaml")):
            source = read(path, text(path) or b"")
            flow = workflow_of(path, source.documents[0].value) if source.documents else None
            if flow is not None:
                yield flow


def _paths(tree: Tree) -> list[str]:
    return [entry.path for entry in tree.entries() if entry.kind is EntryKind.FILE]


def _owners(tree: Tree) -> CodeOwners | None:
    text = reader(tree)
    for path in PLACES:
        data = text(path)
        if data is not None:
            return read_code_owners(path, data.decode("utf-8", "replace"))
    return None


def _text(found: list[Diagnosis], world: World) -> str:
    paint = Palette(world.colour).paint
    width = max(len(item.topic) for item in found)
    lines = []
    for item in found:
        sign, style = _SIGNS[item.health]
        lines.append(f"{paint(sign, style)} {item.topic:<{width}}  {visible(item.text)}")
        if item.fix:
            lines.append(f"  {'':<{width}}  {paint(visible(item.fix), 'dim')}")
    return "\n".join(lines)


def _json(found: list[Diagnosis]) -> str:
    rows = [
        {
            "topic": item.topic,
            "health": item.health.value,
            "text": item.text,
            "fix": item.fix,
            "enforces": item.enforces,
        }
        for item in found
    ]
    return json.dumps({"version": 1, "diagnoses": rows}, indent=2, ensure_ascii=False)
