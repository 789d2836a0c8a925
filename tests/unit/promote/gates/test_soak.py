from __future__ import annotations

from datetime import datetime

import pytest

from gitops_ci.config.model import Sources
from gitops_ci.promote.gates.facts import Carried
from gitops_ci.promote.gates.soak import soak_gate
from gitops_ci.promote.gates.verdict import State
from tests.unit.promote.gates.facts import NOW, ago, carried

DAY = 24 * 3600.0
STAGING = Sources(("staging",))
ALL = Sources(("eu", "us"))
ANY = Sources(("eu", "us"), any=True)

CASES: list[tuple[str, Sources, tuple[Carried, ...], State, str, datetime | None]] = [
    ("long enough", STAGING, (carried(staging=(24, None)),), State.OPEN, "stood 1d", None),
    (
        "not yet",
        STAGING,
        (carried(staging=(3, None)),),
        State.CLOSED,
        "has stood in staging for 3h of 1d, opens Fri 09:00 UTC",
        ago(-21),
    ),
    ("stood once", STAGING, (carried(staging=(99, 70)),), State.OPEN, "stood 1d", None),
    (
        "reverted during its soak",
        STAGING,
        (carried(staging=(12, 2)),),
        State.CLOSED,
        "left staging after 10h of 1d",
        None,
    ),
    ("never there", STAGING, (carried(),), State.CLOSED, "never stood in staging", None),
    (
        "history cut off",
        STAGING,
        (carried("the clone is shallow"),),
        State.UNREADABLE,
        "the clone is shallow",
        None,
    ),
    ("in all", ALL, (carried(eu=(30, None), us=(30, None)),), State.OPEN, "eu and us", None),
    (
        "in one of all",
        ALL,
        (carried(eu=(30, None), us=(20, None)),),
        State.CLOSED,
        "in us for 20h",
        ago(-4),
    ),
    ("in any", ANY, (carried(eu=(30, None), us=(1, None)),), State.OPEN, "stood", None),
    (
        "in none of any",
        ANY,
        (carried(eu=(20, None), us=(22, None)),),
        State.CLOSED,
        "in us for 22h",
        ago(-2),
    ),
    (
        "gone from all of any",
        ANY,
        (carried(eu=(20, 10), us=(22, 20)),),
        State.CLOSED,
        "left eu after 10h",
        None,
    ),
    (
        "the slowest of several",
        STAGING,
        (carried(staging=(20, None)), carried(staging=(4, None))),
        State.CLOSED,
        "for 4h",
        ago(-20),
    ),
    (
        "one that never opens speaks for all",
        STAGING,
        (carried(staging=(20, None)), carried()),
        State.CLOSED,
        "never stood",
        None,
    ),
]


@pytest.mark.parametrize(
    ("sources", "items", "state", "text", "until"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_case(
    sources: Sources, items: tuple[Carried, ...], state: State, text: str, until: datetime | None
) -> None:
    verdict = soak_gate(DAY, sources, items, NOW)
    assert verdict.state is state
    assert text in verdict.text
    assert verdict.until == until
