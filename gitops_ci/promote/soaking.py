"""The gate that history alone answers at planning: how long a candidate stood in its source."""

from __future__ import annotations

from datetime import datetime

from gitops_ci.config.globs import name_matches
from gitops_ci.config.model import Config, Sources
from gitops_ci.config.model_promotion import Gate
from gitops_ci.promote.candidates import Judge, Question
from gitops_ci.promote.gates.facts import Carried, Stay
from gitops_ci.promote.gates.soak import soak_gate
from gitops_ci.promote.gates.verdict import Verdict

_UNKNOWN = "how long it stood is not known without a history"


def gate_of(config: Config, target: str, apps: tuple[str, ...]) -> Gate | None:
    """The gate of an environment, or else of the group that all of the apps belong to."""
    own = config.gates.get(target)
    if own is not None:
        return own
    for name, group in config.groups.items():
        inside = all(any(name_matches(glob, app) for glob in group.apps) for app in apps)
        if inside and apps and name in config.gates:
            return config.gates[name]
    return None


def soak_judge(config: Config, now: datetime) -> Judge:
    """Judges by `gates.*.soak` alone: whether the whole state stood long enough, unchanged."""

    def judge(question: Question) -> tuple[Verdict, ...]:
        gate = gate_of(config, question.target, question.apps)
        if gate is None or not gate.soak:
            return ()
        return (soak_gate(gate.soak, Sources((question.source,)), (_carried(question),), now),)

    return judge


def _carried(question: Question) -> Carried:
    epoch = question.epoch
    name, version = " and ".join(question.apps), ", ".join(epoch.versions()) or "this state"
    if epoch.since is None:
        return Carried(name, version, problem=_UNKNOWN)
    return Carried(name, version, {question.source: (Stay(epoch.since, epoch.until),)})
