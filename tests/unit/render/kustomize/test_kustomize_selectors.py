"""Selectors: which texts they mean, and which expressions are not tried at all."""

from __future__ import annotations

import time

import pytest

from gitops_ci.render.kustomize.selectors import (
    SelectorError,
    UnsureError,
    anchored,
    label_selector,
)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("", ["", "anything"], []),
        ("web", ["web"], ["web-1", "aweb", ""]),
        ("web.*", ["web", "web-1"], ["aweb"]),
        ("web|api", ["web", "api"], ["webapi"]),
        ("(we|a)b", ["web", "ab"], ["b"]),
        ("web-[0-9]{1,2}", ["web-1", "web-12"], ["web-123", "web-"]),
        (".*-.*-.*", ["a-b-c"], ["a-b"]),
    ],
)
def test_the_whole_text_must_match(pattern: str, yes: list[str], no: list[str]) -> None:
    test = anchored(pattern)
    assert [text for text in yes if not test(text)] == []
    assert [text for text in no if test(text)] == []


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a|a)*b", "(.*a){20}", ".*.*.*.*.*b", "a" * 400 + "+"]
)
def test_what_could_run_for_very_long_is_left_to_the_reference(pattern: str) -> None:
    start = time.monotonic()
    with pytest.raises(UnsureError):
        anchored(pattern)("a" * 250)
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("pattern", ["(a", "a(?=b)", r"(a)\1", "[z-a]"])
def test_what_go_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(SelectorError):
        anchored(pattern)


LABELS = {"app": "web", "tier": "front", "size": "5"}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("", True),
        ("app=web", True),
        ("app == web,tier=front", True),
        ("app!=web", False),
        ("missing!=web", True),
        ("app in (api, web)", True),
        ("app notin (api,web)", False),
        ("missing notin (a)", True),
        ("tier", True),
        ("!tier", False),
        ("!missing", True),
        ("size>4,size<6", True),
        ("app>4", False),
    ],
)
def test_label_selectors(selector: str, expected: bool) -> None:
    assert label_selector(selector)(LABELS) is expected


@pytest.mark.parametrize("selector", ["a b", "a=b=c", "in (a)", "a in a", "a=b,", "size>x"])
def test_label_selectors_that_kubernetes_refuses(selector: str) -> None:
    with pytest.raises(SelectorError):
        label_selector(selector)
