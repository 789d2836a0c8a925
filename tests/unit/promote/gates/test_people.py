from __future__ import annotations

import pytest
from msgspec.structs import replace

from gitops_ci.config.model_promotion import Approvals, WindowOverride
from gitops_ci.model.pull_request import Verdict as Says
from gitops_ci.promote.gates.facts import People
from gitops_ci.promote.gates.people import Overridden, approvals_gate, override_of
from gitops_ci.promote.gates.verdict import State, Verdict
from tests.unit.promote.gates.facts import NOW, ago, comment, label, people, review

SRE = ("@org/sre",)
APPROVALS: list[tuple[str, Approvals, People | None, State, str]] = [
    ("none asked", Approvals(0), None, State.OPEN, "no approval needed"),
    ("no pull request", Approvals(1), None, State.CLOSED, "no pull request"),
    ("nobody", Approvals(1), people(), State.CLOSED, "0 of 1 approvals"),
    ("anybody who may write", Approvals(1), people(review("bob")), State.OPEN, "1 of 1"),
    ("a guest", Approvals(1), people(review("guest")), State.CLOSED, "guest does not count"),
    ("of the team", Approvals(1, SRE), people(review("SUE")), State.OPEN, "from @org/sre"),
    ("a named person", Approvals(1, ("@bob",)), people(review("Bob")), State.OPEN, "1 of 1"),
    ("not of the team", Approvals(1, SRE), people(review("bob")), State.CLOSED, "bob does not"),
    ("two asked", Approvals(2), people(review("bob"), review("eve")), State.OPEN, "2 of 2"),
    ("twice the same", Approvals(2), people(review("bob"), review("Bob")), State.CLOSED, "1 of 2"),
    ("the author", Approvals(1), people(review("Ann")), State.CLOSED, "Ann carried the change"),
    (
        "the author may",
        Approvals(1, not_author=False),
        people(review("ann")),
        State.OPEN,
        "1 of 1",
    ),
    (
        "of an earlier head",
        Approvals(1),
        people(review("bob", sha="b" * 40)),
        State.CLOSED,
        "bob approved an earlier head",
    ),
    (
        "without a commit, after the push",
        Approvals(1),
        people(review("bob", sha="", hours=1)),
        State.OPEN,
        "1 of 1",
    ),
    (
        "without a commit, before the push",
        Approvals(1),
        people(review("bob", sha="", hours=9)),
        State.CLOSED,
        "earlier head",
    ),
    (
        "without a commit and without a time of the push",
        Approvals(1),
        people(review("bob", sha=""), head_since=None),
        State.CLOSED,
        "earlier head",
    ),
    (
        "taken back",
        Approvals(1),
        people(review("bob", hours=3), review("bob", Says.CHANGES_REQUESTED, hours=2)),
        State.CLOSED,
        "0 of 1",
    ),
    (
        "dismissed",
        Approvals(1),
        people(review("bob", hours=3), review("bob", Says.DISMISSED, hours=2)),
        State.CLOSED,
        "0 of 1",
    ),
    (
        "a later comment takes nothing back",
        Approvals(1),
        people(review("bob", hours=3), review("bob", Says.COMMENTED, hours=2)),
        State.OPEN,
        "1 of 1",
    ),
    (
        "not all carriers are known",
        Approvals(1),
        replace(people(review("bob")), unread="the source cannot be read"),
        State.UNREADABLE,
        "the source cannot be read",
    ),
    (
        "carriers count, so nobody has to know them",
        Approvals(1, not_author=False),
        replace(people(review("bob")), unread="the source cannot be read"),
        State.OPEN,
        "1 of 1",
    ),
    (
        "a team that cannot be read",
        Approvals(1, ("@org/secret",)),
        people(review("bob")),
        State.UNREADABLE,
        "@org/secret cannot be read",
    ),
]


@pytest.mark.parametrize(
    ("approvals", "facts", "state", "text"),
    [case[1:] for case in APPROVALS],
    ids=[case[0] for case in APPROVALS],
)
def test_approvals(approvals: Approvals, facts: People | None, state: State, text: str) -> None:
    verdict = approvals_gate(approvals, facts)
    assert verdict.state is state
    assert text in verdict.text


RULES = WindowOverride("emergency", ("@org/sre",), "required", 2 * 3600.0)
WHY = (comment("sam", "Override: the shop is down\nmore"),)
OVERRIDES: list[tuple[str, WindowOverride, People | None, State | None, str]] = [
    ("no pull request", RULES, None, None, ""),
    ("no label", RULES, people(), None, ""),
    (
        "taken off again",
        RULES,
        people(labels=(label("emergency", "sam", 2), label("emergency", "sam", 1, added=False))),
        None,
        "",
    ),
    (
        "with a reason",
        RULES,
        people(labels=(label("emergency", "sam"),), comments=WHY),
        State.OPEN,
        "the shop is down",
    ),
    (
        "without a reason",
        RULES,
        people(labels=(label("emergency", "sam"),)),
        State.CLOSED,
        "has no reason",
    ),
    (
        "the reason of somebody else",
        RULES,
        people(labels=(label("emergency", "sue"),), comments=WHY),
        State.CLOSED,
        "has no reason",
    ),
    (
        "a reason for an earlier head",
        RULES,
        people(
            labels=(label("emergency", "sam"),), comments=(comment("sam", "override: x", hours=9),)
        ),
        State.CLOSED,
        "has no reason",
    ),
    (
        "a reason without a time",
        RULES,
        people(
            labels=(label("emergency", "sam"),),
            comments=(comment("sam", "override: x", hours=None),),
        ),
        State.CLOSED,
        "has no reason",
    ),
    (
        "a reason is optional",
        WindowOverride("emergency", ("@org/sre",), "optional"),
        people(labels=(label("emergency", "sam"),)),
        State.OPEN,
        "",
    ),
    (
        "by somebody who may not",
        RULES,
        people(labels=(label("emergency", "bob"),), comments=WHY),
        State.CLOSED,
        "bob may not set",
    ),
    (
        "before the latest push",
        RULES,
        people(labels=(label("emergency", "sam", 6),), comments=WHY),
        State.CLOSED,
        "before the latest push",
    ),
    (
        "the push is unknown",
        RULES,
        people(labels=(label("emergency", "sam"),), comments=WHY, head_since=None),
        State.CLOSED,
        "before the latest push",
    ),
    (
        "over",
        RULES,
        people(labels=(label("emergency", "sam", 2),), comments=WHY),
        State.CLOSED,
        "is over since",
    ),
    (
        "the team cannot be read",
        WindowOverride("emergency", ("@org/secret",)),
        people(labels=(label("emergency", "sam"),), comments=WHY),
        State.UNREADABLE,
        "cannot be read",
    ),
]


@pytest.mark.parametrize(
    ("rules", "facts", "state", "text"),
    [case[1:] for case in OVERRIDES],
    ids=[case[0] for case in OVERRIDES],
)
def test_override(
    rules: WindowOverride, facts: People | None, state: State | None, text: str
) -> None:
    answer = override_of(rules, facts, NOW)
    if state is None:
        assert answer is None
    elif state is State.OPEN:
        assert answer == Overridden("sam", text, ago(-1))
    else:
        assert isinstance(answer, Verdict)
        assert answer.state is state
        assert text in answer.text
