from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.secrets import prefilter as module
from gitops_ci.secrets.formats import FORMATS
from gitops_ci.secrets.prefilter import linear_pattern, prefilter
from gitops_ci.secrets.text_scan import NAME_WORDS

WORDS = frozenset({"tok", "token", "token-", "oken", "ghp_", "://", "-u ", "a.b", "\\d", "(x"})
needs_re2 = pytest.mark.skipif(module.re2_library() is None, reason="google-re2 is not installed")


@given(st.text(alphabet="tokenghp_:/-u .ab\\d(x\n", max_size=60))
def test_the_words_that_a_text_holds(text: str) -> None:
    data = text.encode()
    expected = {word for word in WORDS if word.encode() in data}
    assert prefilter(WORDS, plain=True)(data) == expected
    assert prefilter(WORDS)(data) == expected


@needs_re2
def test_both_ways_agree_on_all_words_at_once() -> None:
    words = {*NAME_WORDS, *(word for item in FORMATS for word in item.keywords)}
    everything = " ".join(sorted(words)).encode()
    for data in (everything, b"", everything[::2], everything * 20):
        assert prefilter(words)(data) == prefilter(words, plain=True)(data)
    assert prefilter(words)(everything) == words


@needs_re2
def test_a_pattern_that_re2_does_not_take_is_none() -> None:
    assert linear_pattern(r"(?=x)x") is None
    assert linear_pattern("x+") is not None


def test_words_are_taken_as_they_are() -> None:
    assert prefilter(["a.b"], plain=True)(b"axb") == frozenset()
    assert re.escape("a.b") != "a.b"
