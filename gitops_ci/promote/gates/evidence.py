"""What other programs have to say: checks, images, measurements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isnan

from gitops_ci.config.model_promotion import ImageGate, MetricGate
from gitops_ci.model.check_run import CheckState
from gitops_ci.promote.gates.facts import CheckFact, ImageFact, MetricFact
from gitops_ci.promote.gates.verdict import State, Verdict, closed, opened, unreadable

CHECKS, IMAGE, METRICS = "checks", "image", "metrics"
_SEVERITIES = ("none", "low", "medium", "high", "critical")
_WHERE = {
    "source": "on any commit where the version stood in the source",
    "pr": "on the head of the pull request",
    "deployment": "as a deployment of the source environment",
}


def checks_gate(facts: Iterable[CheckFact]) -> Iterator[Verdict]:
    """A verdict for each configured check."""
    for fact in facts:
        name = fact.name or "deployment"
        where = _WHERE[fact.gate.on]
        if fact.problem:
            yield unreadable(CHECKS, f"{name}: {fact.problem}")
        elif fact.state is CheckState.SUCCESS:
            yield opened(CHECKS, f"{name} is green")
        elif fact.state is None:
            yield closed(CHECKS, f"{name} has not run {where}")
        elif fact.state is CheckState.FAILURE:
            yield closed(CHECKS, f"{name} failed {where}")
        elif fact.state is CheckState.PENDING:
            yield closed(CHECKS, f"{name} is still running")
        else:
            yield closed(CHECKS, f"{name} ended without a verdict {where}")


def image_gate(gate: ImageGate, facts: Iterable[ImageFact]) -> Iterator[Verdict]:
    """A verdict for each carried image: that of the first thing that is not as asked."""
    for fact in facts:
        faults = list(_image_faults(gate, fact))
        yield faults[0] if faults else opened(IMAGE, f"{fact.reference} is as asked")


def _image_faults(gate: ImageGate, fact: ImageFact) -> Iterator[Verdict]:
    name = fact.reference
    if fact.problem:
        yield unreadable(IMAGE, f"{name}: {fact.problem}")
        return
    if (gate.exists or gate.platforms) and fact.exists is not True:
        yield _missing(name, "the registry does not have it", known=fact.exists is not None)
    lacking = sorted(set(gate.platforms) - set(fact.platforms or ()))
    if lacking:
        yield _missing(name, f"not for {', '.join(lacking)}", known=fact.platforms is not None)
    if gate.signed_by and fact.signed is not True:
        text = f"no signature of {gate.signed_by.identity}"
        yield _missing(name, text, known=fact.signed is not None)
    if gate.scan and not _is_clean(fact.worst, gate.scan.max):
        text = f"its scan found {fact.worst}, {gate.scan.max} is the most"
        yield _missing(name, text, known=fact.worst in _SEVERITIES)


def _missing(name: str, text: str, *, known: bool) -> Verdict:
    """Closed by what is known; unreadable when nobody found it out."""
    if known:
        return closed(IMAGE, f"{name}: {text}")
    return unreadable(IMAGE, f"{name}: it is not known whether this holds: {text}")


def _is_clean(worst: str | None, most: str) -> bool:
    return worst in _SEVERITIES and _SEVERITIES.index(worst) <= _SEVERITIES.index(most)


def metrics_gate(facts: Iterable[MetricFact]) -> Iterator[Verdict]:
    """A verdict for each configured measurement. A query without a number is a closed gate."""
    for fact in facts:
        query = fact.gate.query
        if fact.problem:
            yield unreadable(METRICS, f"{query}: {fact.problem}")
        elif fact.value is None or isnan(fact.value):
            yield closed(METRICS, f"{query} gives no number")
        else:
            state = State.OPEN if _is_good(fact.gate, fact.value) else State.CLOSED
            yield Verdict(METRICS, state, f"{query} is {fact.value:g}, {_asked(fact.gate)}")


def _is_good(gate: MetricGate, value: float) -> bool:
    low = gate.above is None or value > gate.above
    return low and (gate.below is None or value < gate.below)


def _asked(gate: MetricGate) -> str:
    limits = (("above", gate.above), ("below", gate.below))
    return " and ".join(f"{word} {limit:g}" for word, limit in limits if limit is not None)
