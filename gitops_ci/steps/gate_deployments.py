"""What was merged, recorded on the forge as deployments to the environments that it touches.

The commit of a deployment is the end of the pushed range, so that a gate with `checks: [{on:
deployment}]` finds it among the commits at which a version stood in its source.
"""

from __future__ import annotations

from msgspec.structs import replace

from gitops_ci.git.repository import Git
from gitops_ci.model import exits
from gitops_ci.model.deployment import DeploymentState
from gitops_ci.model.errors import UsageError
from gitops_ci.model.report import Report, Status
from gitops_ci.steps.context import Occasion
from gitops_ci.steps.delivery import deliver, delivery_of
from gitops_ci.steps.gate import Inputs
from gitops_ci.steps.gate_law import law_of
from gitops_ci.steps.gate_rule import branch_of, change_of_range, ends_of
from gitops_ci.steps.gate_touched import Change, look
from gitops_ci.steps.reading import reader
from gitops_ci.steps.world import World
from gitops_ci.steps.writing_guard import refuse_untrusted

_HINT = "run it on a push, or name what was merged: BASE..HEAD"


def record(inputs: Inputs, world: World, git: Git) -> int:
    """Bring the deployment of the range's end to the wanted state, in each environment that the
    range touches. Nothing is judged. Raises UsageError for what was not merged, or without a
    forge, and ForgeError."""
    refuse_untrusted(world, "gate --deployment")
    change = _merged(inputs, world, git)
    service = world.forges.service()
    if service is None:
        raise UsageError("there is no forge to record deployments on", "set its token")
    after = Change(change.head, change.head, change.head, branch=change.branch)
    law = law_of(after, git, world, service)
    state = DeploymentState(inputs.deployment)
    remarks = []
    for touched in look(change, git, law.here, world).touched:
        there = service.record_deployment(touched.environment, change.head, state, touched.why)
        remarks.append(f"{there.environment}: {there.sha[:10]} is recorded as {there.state.value}")
    report = Report(Status.PASS, remarks=tuple(remarks) or ("no environment is touched",))
    world.progress.end()
    deliver(report, delivery_of(inputs, world, "gate", 0.0), world, law.config, reader(world.tree))
    return exits.OK


def _merged(inputs: Inputs, world: World, git: Git) -> Change:
    """The range that is named, else that of the push."""
    context = world.context
    if inputs.pull or context.judges_a_change:
        raise UsageError("a change that is not merged is deployed nowhere", _HINT)
    if inputs.range_:
        text = inputs.range_[0]
        _, head = ends_of(text)
        return replace(change_of_range(text, git), branch=branch_of(head, git))
    if context.occasion is not Occasion.PUSH or not context.base:
        raise UsageError("it is not known which commits were merged", _HINT)
    pushed = change_of_range(f"{context.base}..{context.head}", git)
    return replace(pushed, branch=context.branch)
