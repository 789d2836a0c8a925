"""The Kubernetes libraries against arithmetic that needs no library."""

from __future__ import annotations

import ipaddress
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from gitops_ci.cel.engine import Environment, scope

TWO = Environment({"a": "dyn", "b": "dyn"})
COMPARE = TWO.compile("quantity(a).compareTo(quantity(b))")
EQUAL = TWO.compile("quantity(a) == quantity(b)")
ADD = TWO.compile("quantity(a).add(quantity(b)).sub(quantity(b)) == quantity(a)")
CONTAINS = TWO.compile("cidr(a).containsIP(b)")
MASKED = TWO.compile("string(cidr(a).masked())")
ORDER = TWO.compile("semver(a).compareTo(semver(b))")
LISTS = TWO.compile("[a.min(), a.max(), a.sum(), a.indexOf(b), a.lastIndexOf(b)]")
LINKS = TWO.compile("[url(a).getScheme(), url(a).getHost(), url(a).getEscapedPath()]")

SUFFIXES = {
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "": Fraction(1),
    "k": Fraction(1000),
    "Ki": Fraction(1024),
    "M": Fraction(10**6),
    "Mi": Fraction(2**20),
    "Gi": Fraction(2**30),
    "e3": Fraction(1000),
}
NUMBERS = st.decimals(-(10**6), 10**6, allow_nan=False, places=3).map(str)
QUANTITIES = st.tuples(NUMBERS, st.sampled_from(sorted(SUFFIXES)))
VERSIONS = st.tuples(*[st.integers(0, 30)] * 3)


def amount(number: str, suffix: str) -> Fraction:
    """The value, away from zero to the next billionth."""
    exact = Fraction(number) * SUFFIXES[suffix] * 10**9
    rounded = -(-abs(exact) // 1)
    return Fraction(rounded if exact >= 0 else -rounded, 10**9)


def run(program: Any, a: Any, b: Any) -> Any:
    return program(scope({"a": a, "b": b}))


@given(QUANTITIES, QUANTITIES)
def test_quantities_compare_as_their_amounts(a: tuple[str, str], b: tuple[str, str]) -> None:
    left, right = amount(*a), amount(*b)
    assert run(COMPARE, "".join(a), "".join(b)) == (left > right) - (left < right)
    assert run(EQUAL, "".join(a), "".join(b)) is (left == right)
    assert run(ADD, "".join(a), "".join(b))


@given(st.ip_addresses(), st.ip_addresses(), st.integers(0, 128))
def test_networks_contain_what_they_contain(a: Any, b: Any, length: int) -> None:
    assume(length <= a.max_prefixlen)
    assume(not any(getattr(each, "ipv4_mapped", None) for each in (a, b)))
    network = ipaddress.ip_network(f"{a}/{length}", strict=False)
    assert run(MASKED, f"{a}/{length}", "") == str(network)
    assert run(CONTAINS, f"{a}/{length}", str(b)) is (b in network)


@given(VERSIONS, VERSIONS)
def test_versions_are_in_the_order_of_their_numbers(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    left, right = (".".join(map(str, version)) for version in (a, b))
    assert run(ORDER, left, right) == (a > b) - (a < b)
    assert run(ORDER, f"{left}-rc.1", left) == -1


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.integers(-3, 3))
def test_lists(items: list[int], wanted: int) -> None:
    first = items.index(wanted) if wanted in items else -1
    last = len(items) - 1 - items[::-1].index(wanted) if wanted in items else -1
    assert run(LISTS, items, wanted) == [min(items), max(items), sum(items), first, last]


@given(
    st.sampled_from(["https", "http", "oci"]),
    st.from_regex(r"[a-z][a-z0-9.-]{0,20}(:[0-9]{1,5})?", fullmatch=True),
    st.from_regex(r"(/[A-Za-z0-9._~-]{0,8}){0,4}", fullmatch=True),
)
def test_addresses_are_put_together_from_their_parts(scheme: str, host: str, path: str) -> None:
    assert run(LINKS, f"{scheme}://{host}{path}?q=1", "") == [scheme, host, path]
