"""All gates of one environment, in the order in which people ask: may it, is it time, is it good,
who agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from gitops_ci.config.model import Sources
from gitops_ci.config.model_promotion import Gate, Windows
from gitops_ci.promote.gates.bans import freeze_gate, holds_gate, interval_gate
from gitops_ci.promote.gates.evidence import checks_gate, http_gate, image_gate, metrics_gate
from gitops_ci.promote.gates.facts import Facts
from gitops_ci.promote.gates.people import OVERRIDE, Overridden, approvals_gate, override_of
from gitops_ci.promote.gates.soak import soak_gate
from gitops_ci.promote.gates.verdict import State, Verdict, moment, opened
from gitops_ci.promote.gates.windows import windows_gate

ROLLBACK = "rollback"


class Judgement(Struct, frozen=True):
    """The word of every gate of an environment."""

    environment: str
    verdicts: tuple[Verdict, ...]

    @property
    def state(self) -> State:
        """Unreadable if a gate is, else closed if one is, else open."""
        states = {verdict.state for verdict in self.verdicts}
        for state in (State.UNREADABLE, State.CLOSED):
            if state in states:
                return state
        return State.OPEN

    @property
    def until(self) -> datetime | None:
        """When this judgement ends by itself: an open one when the first gate closes, a closed one
        when the last gate opens; None when that takes more than time."""
        if self.state is State.OPEN:
            return min((v.until for v in self.verdicts if v.until), default=None)
        shut = [verdict.until for verdict in self.verdicts if not verdict.is_open]
        known = [until for until in shut if until is not None]
        return max(known) if known and len(known) == len(shut) else None


def judge(gate: Gate, sources: Sources, facts: Facts) -> Judgement:
    """The judgement on a change to `facts.environment`. A rollback passes what is about time, the
    freeze and its holds, and asks for the approvals of its own."""
    verdicts = _rollback(gate, facts) if facts.is_rollback else _forward(gate, sources, facts)
    return Judgement(facts.environment, tuple(verdicts))


def _rollback(gate: Gate, facts: Facts) -> Iterator[Verdict]:
    yield opened(ROLLBACK, "restores a state that stood here before")
    yield from checks_gate(fact for fact in facts.checks if fact.gate.on == "pr")
    approvals = gate.rollback.approvals if gate.rollback else None
    if approvals:
        yield approvals_gate(approvals, facts.people, f"{ROLLBACK}.approvals")


def _forward(gate: Gate, sources: Sources, facts: Facts) -> Iterator[Verdict]:
    yield freeze_gate(facts.freeze, facts.now)
    yield from holds_gate(facts.holds, facts.now)
    if gate.windows:
        yield from _windows(gate.windows, facts)
    if gate.min_interval:
        yield interval_gate(gate.min_interval, facts.last_change, facts.now)
    if gate.soak and facts.carried and sources.names:
        yield soak_gate(gate.soak, sources, facts.carried, facts.now)
    yield from checks_gate(facts.checks)
    if gate.image:
        yield from image_gate(gate.image, facts.images)
    yield from metrics_gate(facts.metrics)
    yield from http_gate(facts.http)
    if gate.approvals:
        yield approvals_gate(gate.approvals, facts.people)


def _windows(windows: Windows, facts: Facts) -> Iterator[Verdict]:
    """The windows, or who opened them; an override is always told, a faulty one too."""
    verdict = windows_gate(windows, facts.now)
    rules = windows.override
    override = override_of(rules, facts.people, facts.now) if rules else None
    if verdict.is_open or override is None:
        yield verdict
        return
    if isinstance(override, Overridden):
        reason = f": {override.reason}" if override.reason else ""
        until = moment(override.until, ZoneInfo(windows.timezone), facts.now)
        yield opened(OVERRIDE, f"opened by {override.by} until {until}{reason}", override.until)
        return
    yield verdict
    yield override
