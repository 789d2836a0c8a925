"""What other programs have to say: checks, images, measurements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from math import isnan
from typing import Any

from gitops_ci.config.model_promotion import HttpGate, ImageGate, MetricGate
from gitops_ci.model.check_run import CheckState
from gitops_ci.promote.gates.facts import CheckFact, HttpFact, ImageFact, MetricFact
from gitops_ci.promote.gates.verdict import State, Verdict, closed, opened, unreadable

CHECKS, IMAGE, METRICS, HTTP = "checks", "image", "metrics", "http"
_MOST_TEXT = 80
_SEVERITIES = ("none", "low", "medium", "high", "critical")
_WHERE = {
    "source": "on any commit where the version stood in the source",
    "pr": "on the head of the pull request",
    "deployment": "as a deployment of the source environment",
    "image": "on the commit that it was built from",
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
            state = State.OPEN if _is_within(fact.gate, fact.value) else State.CLOSED
            yield Verdict(METRICS, state, f"{query} is {fact.value:g}, {_limits(fact.gate)}")


def http_gate(facts: Iterable[HttpFact]) -> Iterator[Verdict]:
    """A verdict for each configured document: that of its first bad value. A path that finds
    nothing is a closed gate."""
    for fact in facts:
        gate = fact.gate
        name = f"{gate.path} of {fact.url.partition('?')[0]}"
        bad = [value for value in fact.values if not _is_good(gate, value)]
        if fact.problem:
            yield unreadable(HTTP, fact.problem)
        elif not fact.values:
            yield closed(HTTP, f"{name} is not there")
        elif bad:
            yield closed(HTTP, f"{name} is {_shown(bad[0])}, asked is {_asked(gate)}")
        else:
            yield opened(HTTP, f"{name} is {_shown(fact.values[0])}")


def _is_good(gate: HttpGate, value: Any) -> bool:
    limited = gate.below is not None or gate.above is not None
    if limited and (isinstance(value, bool) or not isinstance(value, (int, float))):
        return False
    if limited and not _is_within(gate, value):
        return False
    words = gate.equals or (() if limited else ("true",))
    return not words or (_text(value) in words and not isinstance(value, (dict, list)))


def _text(value: Any) -> str:
    """A text as it is, a number, truth or null as JSON writes it; never what holds others."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "an array"
    return value if isinstance(value, str) else json.dumps(value)


def _shown(value: Any) -> str:
    """The text, shortened where nobody would read on."""
    text = _text(value)
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"


def _asked(gate: HttpGate) -> str:
    words = gate.equals or (() if _limits(gate) else ("true",))
    return " and ".join(filter(None, (" or ".join(words), _limits(gate))))


def _is_within(gate: MetricGate | HttpGate, value: float) -> bool:
    low = gate.above is None or value > gate.above
    return low and (gate.below is None or value < gate.below)


def _limits(gate: MetricGate | HttpGate) -> str:
    limits = (("above", gate.above), ("below", gate.below))
    return " and ".join(f"{word} {limit:g}" for word, limit in limits if limit is not None)
