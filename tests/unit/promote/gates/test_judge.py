from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from msgspec.structs import replace

from gitops_ci.config.model import Sources
from gitops_ci.config.model_promotion import (
    Approvals,
    CheckGate,
    Gate,
    ImageGate,
    MetricGate,
    RollbackGate,
    WindowOverride,
    Windows,
)
from gitops_ci.model.check_run import CheckState
from gitops_ci.promote.gates.facts import CheckFact, Facts, ImageFact, MetricFact
from gitops_ci.promote.gates.judge import Judgement, judge
from gitops_ci.promote.gates.verdict import State, closed, opened, unreadable
from tests.unit.promote.gates.facts import NOW, ago, carried, comment, label, people, review


@dataclass(frozen=True)
class Ban:
    reason: str = ""
    until: datetime | None = None


SOURCES = Sources(("staging",))
SHUT = Windows("UTC", ("Sat",), (), WindowOverride("emergency", ("@sam",), "required", 7200.0))
OPEN_NOW = Windows("UTC", ("Thu 09:00-16:00",))
FULL = Gate(
    soak=3600.0,
    checks=(CheckGate("e2e", "source"), CheckGate("gate", "pr")),
    image=ImageGate(exists=True),
    approvals=Approvals(1),
    windows=OPEN_NOW,
    min_interval=3600.0,
    metrics=(MetricGate("https://p", "errors", below=1),),
    rollback=RollbackGate(Approvals(1)),
)
GOOD = Facts(
    now=NOW,
    environment="prod",
    carried=(carried(staging=(2, None)),),
    last_change=ago(2),
    checks=(
        CheckFact(FULL.checks[0], "e2e", CheckState.SUCCESS),
        CheckFact(FULL.checks[1], "gate", CheckState.SUCCESS),
    ),
    images=(ImageFact("web:1.2", exists=True),),
    metrics=(MetricFact(FULL.metrics[0], 0.5),),
    people=people(review("bob")),
)
OVERRIDDEN = people(labels=(label("emergency", "sam"),), comments=(comment("sam", "override: x"),))
WITHOUT_REASON = people(labels=(label("emergency", "sam"),))

CASES: list[tuple[str, Gate, Facts, State, list[str], datetime | None]] = [
    ("no gate", Gate(), replace(GOOD, people=None), State.OPEN, [], None),
    ("all is well", FULL, GOOD, State.OPEN, [], datetime(2026, 11, 26, 16, tzinfo=NOW.tzinfo)),
    ("frozen", FULL, replace(GOOD, freeze=Ban("sale", ago(-9))), State.CLOSED, ["freeze"], ago(-9)),
    ("frozen for good", Gate(), replace(GOOD, freeze=Ban()), State.CLOSED, ["freeze"], None),
    ("held", FULL, replace(GOOD, holds=(("web", Ban("bad")),)), State.CLOSED, ["hold"], None),
    (
        "too early",
        replace(FULL, min_interval=3 * 3600.0),
        GOOD,
        State.CLOSED,
        ["minInterval"],
        ago(-1),
    ),
    ("never changed", FULL, replace(GOOD, last_change=None), State.OPEN, [], ago(-4)),
    (
        "outside of the windows",
        replace(FULL, windows=SHUT),
        GOOD,
        State.CLOSED,
        ["windows"],
        datetime(2026, 11, 28, tzinfo=NOW.tzinfo),
    ),
    (
        "opened by an override",
        Gate(windows=SHUT),
        replace(GOOD, people=OVERRIDDEN),
        State.OPEN,
        [],
        ago(-1),
    ),
    (
        "a faulty override",
        Gate(windows=SHUT),
        replace(GOOD, people=WITHOUT_REASON),
        State.CLOSED,
        ["windows", "override"],
        None,
    ),
    (
        "an override that nobody needs",
        Gate(windows=OPEN_NOW),
        replace(GOOD, people=OVERRIDDEN),
        State.OPEN,
        [],
        ago(-4),
    ),
    (
        "two gates that time opens",
        replace(FULL, soak=4 * 3600.0, min_interval=3 * 3600.0),
        GOOD,
        State.CLOSED,
        ["minInterval", "soak"],
        ago(-2),
    ),
    (
        "an unreadable gate is worse than a closed one",
        FULL,
        replace(GOOD, freeze=Ban(), images=(ImageFact("web:1.2", problem="503"),)),
        State.UNREADABLE,
        ["freeze", "image"],
        None,
    ),
    ("not approved", FULL, replace(GOOD, people=people()), State.CLOSED, ["approvals"], None),
    ("nothing is carried", FULL, replace(GOOD, carried=(), images=()), State.OPEN, [], ago(-4)),
    (
        "a rollback passes what is about time",
        replace(FULL, windows=SHUT, soak=1e9, min_interval=1e9),
        replace(GOOD, is_rollback=True, freeze=Ban(), holds=(("web", Ban()),), carried=()),
        State.OPEN,
        [],
        None,
    ),
    (
        "a rollback needs its own approvals",
        FULL,
        replace(GOOD, is_rollback=True, people=people()),
        State.CLOSED,
        ["rollback.approvals"],
        None,
    ),
    (
        "a rollback without approvals of its own",
        replace(FULL, rollback=None),
        replace(GOOD, is_rollback=True, people=people()),
        State.OPEN,
        [],
        None,
    ),
    (
        "a rollback needs the checks of its own head",
        FULL,
        replace(GOOD, is_rollback=True, checks=(CheckFact(FULL.checks[1], "gate"),)),
        State.CLOSED,
        ["checks"],
        None,
    ),
]


@pytest.mark.parametrize(
    ("gate", "facts", "state", "shut", "until"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_case(
    gate: Gate, facts: Facts, state: State, shut: list[str], until: datetime | None
) -> None:
    judgement = judge(gate, SOURCES, facts)
    assert judgement.state is state
    assert [verdict.gate for verdict in judgement.verdicts if not verdict.is_open] == shut
    assert judgement.until == until


def test_an_override_is_always_told() -> None:
    verdicts = judge(Gate(windows=SHUT), SOURCES, replace(GOOD, people=OVERRIDDEN)).verdicts
    (told,) = [verdict for verdict in verdicts if verdict.gate == "override"]
    assert told.text == "opened by sam until 13:00 UTC: x"


def test_the_state_of_a_judgement_is_that_of_its_worst_gate() -> None:
    verdicts = (opened("a", ""), closed("b", ""), unreadable("c", ""))
    assert Judgement("prod", verdicts[:1]).state is State.OPEN
    assert Judgement("prod", verdicts[:2]).state is State.CLOSED
    assert Judgement("prod", verdicts).state is State.UNREADABLE
