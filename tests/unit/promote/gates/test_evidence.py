from __future__ import annotations

import pytest

from gitops_ci.config.model_promotion import (
    CheckGate,
    HttpGate,
    ImageGate,
    MetricGate,
    Scan,
    SignedBy,
)
from gitops_ci.model.check_run import CheckState
from gitops_ci.promote.gates.evidence import checks_gate, http_gate, image_gate, metrics_gate
from gitops_ci.promote.gates.facts import CheckFact, HttpFact, ImageFact, MetricFact
from gitops_ci.promote.gates.verdict import State

E2E = CheckGate("e2e", "source")


@pytest.mark.parametrize(
    ("fact", "state", "text"),
    [
        (CheckFact(E2E, "e2e", CheckState.SUCCESS), State.OPEN, "e2e is green"),
        (CheckFact(E2E, "e2e"), State.CLOSED, "e2e has not run on any commit"),
        (CheckFact(E2E, "e2e", CheckState.FAILURE), State.CLOSED, "e2e failed"),
        (CheckFact(E2E, "e2e", CheckState.PENDING), State.CLOSED, "still running"),
        (CheckFact(E2E, "e2e", CheckState.NEUTRAL), State.CLOSED, "without a verdict"),
        (CheckFact(E2E, "e2e", None, "403"), State.UNREADABLE, "e2e: 403"),
        (
            CheckFact(CheckGate("", "deployment"), ""),
            State.CLOSED,
            "deployment has not run as a deployment",
        ),
    ],
)
def test_checks(fact: CheckFact, state: State, text: str) -> None:
    (verdict,) = checks_gate([fact])
    assert verdict.state is state
    assert text in verdict.text


EXISTS = ImageGate(exists=True)
ARM = ImageGate(platforms=("linux/amd64", "linux/arm64"))
SIGNED = ImageGate(signed_by=SignedBy("https://issuer", "release"))
SCANNED = ImageGate(scan=Scan("x.sarif", "medium"))


@pytest.mark.parametrize(
    ("gate", "fact", "state", "text"),
    [
        (EXISTS, ImageFact("i", exists=True), State.OPEN, "i is as asked"),
        (EXISTS, ImageFact("i", exists=False), State.CLOSED, "the registry does not have it"),
        (EXISTS, ImageFact("i"), State.UNREADABLE, "not known"),
        (EXISTS, ImageFact("i", problem="503"), State.UNREADABLE, "i: 503"),
        (
            ARM,
            ImageFact("i", exists=True, platforms=("linux/amd64",)),
            State.CLOSED,
            "not for linux/arm64",
        ),
        (ARM, ImageFact("i", exists=True), State.UNREADABLE, "not known"),
        (
            ARM,
            ImageFact("i", exists=True, platforms=("linux/arm64", "linux/amd64")),
            State.OPEN,
            "as asked",
        ),
        (SIGNED, ImageFact("i", signed=True), State.OPEN, "as asked"),
        (SIGNED, ImageFact("i", signed=False), State.CLOSED, "no signature of release"),
        (SIGNED, ImageFact("i"), State.UNREADABLE, "not known"),
        (SCANNED, ImageFact("i", worst="medium"), State.OPEN, "as asked"),
        (SCANNED, ImageFact("i", worst="none"), State.OPEN, "as asked"),
        (SCANNED, ImageFact("i", worst="high"), State.CLOSED, "found high, medium is the most"),
        (SCANNED, ImageFact("i", worst="odd"), State.UNREADABLE, "not known"),
        (SCANNED, ImageFact("i"), State.UNREADABLE, "not known"),
    ],
)
def test_image(gate: ImageGate, fact: ImageFact, state: State, text: str) -> None:
    (verdict,) = image_gate(gate, [fact])
    assert verdict.state is state
    assert text in verdict.text


BELOW = MetricGate("https://p", "errors", below=0.01)
BETWEEN = MetricGate("https://p", "rate", below=5, above=1)


@pytest.mark.parametrize(
    ("fact", "state", "text"),
    [
        (MetricFact(BELOW, 0.0), State.OPEN, "errors is 0, below 0.01"),
        (MetricFact(BELOW, 0.01), State.CLOSED, "errors is 0.01, below 0.01"),
        (MetricFact(BETWEEN, 2), State.OPEN, "above 1 and below 5"),
        (MetricFact(BETWEEN, 1), State.CLOSED, "above 1 and below 5"),
        (MetricFact(BETWEEN, 5), State.CLOSED, "above 1 and below 5"),
        (MetricFact(BELOW), State.CLOSED, "gives no number"),
        (MetricFact(BELOW, float("nan")), State.CLOSED, "gives no number"),
        (MetricFact(BELOW, None, "timeout"), State.UNREADABLE, "errors: timeout"),
    ],
)
def test_metrics(fact: MetricFact, state: State, text: str) -> None:
    (verdict,) = metrics_gate([fact])
    assert verdict.state is state
    assert text in verdict.text


TRUE = HttpGate("https://h", "$.ok")
WORDS = HttpGate("https://h", "$.s", equals=("green", "3"))
NUMBER = HttpGate("https://h", "$.n", below=5, above=1)
BOTH = HttpGate("https://h", "$.n", equals=("2", "9"), below=5)


@pytest.mark.parametrize(
    ("gate", "values", "state", "text"),
    [
        (TRUE, (True,), State.OPEN, "$.ok of https://h/x is true"),
        (TRUE, ("true",), State.OPEN, "is true"),
        (TRUE, (True, False), State.CLOSED, "is false, asked is true"),
        (TRUE, (1,), State.CLOSED, "is 1, asked is true"),
        (TRUE, (None,), State.CLOSED, "is null"),
        (TRUE, ({},), State.CLOSED, "is an object"),
        (TRUE, (), State.CLOSED, "$.ok of https://h/x is not there"),
        (WORDS, ("green", 3), State.OPEN, "is green"),
        (WORDS, ("red",), State.CLOSED, "is red, asked is green or 3"),
        (HttpGate("https://h", "$", equals=("an array",)), ([],), State.CLOSED, "is an array"),
        (NUMBER, (2, 4.5), State.OPEN, "is 2"),
        (NUMBER, (2, 5), State.CLOSED, "is 5, asked is above 1 and below 5"),
        (NUMBER, (True,), State.CLOSED, "is true"),
        (NUMBER, ("2",), State.CLOSED, "is 2, asked is above 1"),
        (NUMBER, (float("nan"),), State.CLOSED, "is NaN"),
        (BOTH, (2,), State.OPEN, "is 2"),
        (BOTH, (9,), State.CLOSED, "asked is 2 or 9 and below 5"),
        (BOTH, (3,), State.CLOSED, "asked is"),
        (WORDS, ("x" * 500,), State.CLOSED, "x…, asked"),
    ],
)
def test_http(gate: HttpGate, values: tuple[object, ...], state: State, text: str) -> None:
    (verdict,) = http_gate([HttpFact(gate, "https://h/x?key=1", values)])
    assert (verdict.gate, verdict.state) == ("http", state)
    assert text in verdict.text
    assert "key" not in verdict.text
    assert len(verdict.text) < 200


def test_a_document_that_nobody_could_read() -> None:
    (verdict,) = http_gate([HttpFact(TRUE, "https://h", problem="https://h answers 503")])
    assert (verdict.state, verdict.text) == (State.UNREADABLE, "https://h answers 503")
