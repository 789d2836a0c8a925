"""The stand-in reads what a step wrote exactly as the runner does."""

from __future__ import annotations

import pytest

from tests.support.runner import read_file_command


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", {}),
        ("status=pass\n", {"status": "pass"}),
        ("a=b=c\n\nd=\n", {"a": "b=c", "d": ""}),
        ("a=x<<y\n", {"a": "x<<y"}),
        ("file<<EOF\none\nt=w<<o\nEOF\nb=1\n", {"file": "one\nt=w<<o", "b": "1"}),
    ],
)
def test_pairs(text: str, pairs: dict[str, str]) -> None:
    assert read_file_command(text) == pairs


@pytest.mark.parametrize("text", ["word\n", "a<<EOF\nx\n", "<<EOF\nEOF\n"])
def test_what_fails_the_step(text: str) -> None:
    with pytest.raises(ValueError, match=r"delimiter|format"):
        read_file_command(text)
