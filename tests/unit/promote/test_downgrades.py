"""What a history says about going back: implied holds, and which change is a rollback."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gitops_ci.promote.downgrades import implied_hold
from gitops_ci.promote.history import Standing
from gitops_ci.promote.rollback import goes_back, is_rollback
from tests.unit.promote.build import deployment
from tests.unit.promote.places import CONFIG, THREE, history, place

PROD = "apps/web/overlays/prod/web.yaml"
WEB = place("prod/web")


def standings(*tags: str) -> tuple[Standing, ...]:
    steps = [
        (100 * number, {CONFIG: THREE, PROD: deployment(f"shop/web:{tag}")})
        for number, tag in enumerate(tags, 1)
    ]
    return history(steps).standings(WEB)


@pytest.mark.parametrize(
    ("tags", "held"),
    [
        (["1.0.0"], None),
        (["1.0.0", "1.1.0"], None),
        (["1.0.0", "1.1.0", "1.0.0"], "1.1.0"),
        (["1.0.0", "1.1.0", "0.9.0"], "1.1.0"),
        (["1.0.0", "1.1.0", "1.0.0", "1.1.0"], None),
        (["1.0.0", "1.1.0", "1.0.0", "1.2.0"], None),
        (["1.0.0", "1.2.0", "1.0.0", "1.1.0"], "1.2.0"),
        (["1.0.0", "1.1.0", "1.2.0", "1.1.0", "1.0.0"], "1.2.0"),
        (["aaaaaaa", "bbbbbbb"], None),
        (["aaaaaaa", "bbbbbbb", "aaaaaaa"], "bbbbbbb"),
        (["aaaaaaa", "bbbbbbb", "aaaaaaa", "ccccccc"], None),
    ],
)
def test_whoever_goes_back_holds(tags: list[str], held: str | None) -> None:
    hold = implied_hold(standings(*tags))
    versions = None if hold is None else [version for _, version in hold.versions]
    assert versions == (None if held is None else [held])


def test_a_change_that_wrote_its_own_hold_implies_none() -> None:
    assert implied_hold(standings("1.0.0", "1.1.0", "1.0.0"), {"c2"}) is None


@pytest.mark.parametrize(
    ("tags", "proposed", "back"),
    [
        (["1.0.0", "1.1.0"], "1.0.0", True),
        (["1.0.0", "1.1.0"], "1.1.0", False),
        (["1.0.0", "1.1.0"], "0.9.0", False),
        (["1.0.0", "1.1.0", "1.2.0"], "1.0.0", True),
        (["1.0.0", "1.1.0", "1.0.0"], "1.1.0", False),
        (["aaaaaaa", "bbbbbbb"], "aaaaaaa", True),
        (["1.0.0", "1.1.0", "1.0.0", "1.2.0"], "1.1.0", True),
    ],
)
def test_a_rollback_is_known_by_what_stood_there(
    tags: list[str], proposed: str, back: bool
) -> None:
    known = standings(*tags)
    (state,) = [s.state for s in standings(proposed)]
    assert is_rollback(state, known) is back
    assert goes_back([state], {WEB: known}) is back
    assert not is_rollback(state, ())


def test_a_change_that_does_more_than_going_back_is_none() -> None:
    web, other = standings("1.0.0", "1.1.0"), standings("1.0.0", "1.1.0")
    back, new = web[0].state, standings("3.0.0")[0].state
    cart = place("prod/cart")
    assert not goes_back([back, replace(new, place=cart)], {WEB: web, cart: other})
    assert goes_back([back, replace(other[1].state, place=cart)], {WEB: web, cart: other})
    assert not goes_back([], {WEB: web})
