from __future__ import annotations

import re
import time

import pytest

from gitops_ci.secrets import prefilter
from gitops_ci.secrets.format import Format, Validity
from gitops_ci.secrets.formats import FORMATS
from gitops_ci.secrets.matching import Matcher
from gitops_ci.secrets.source_text import SourceText

needs_re2 = pytest.mark.skipif(
    prefilter.re2_library() is None, reason="google-re2 is not installed"
)


def _format(**changes: object) -> Format:
    known: dict[str, object] = {
        "id": "acme-key",
        "name": "Acme key",
        "keywords": ("acme_",),
        "pattern": r"\b(acme_[0-9a-f]{8})\b",
        "url": "https://acme.example",
        "bad": (),
        "good": (),
        "group": 1,
    }
    return Format(**{**known, **changes})  # type: ignore[arg-type]


def _found(text: str, *formats: Format, plain: bool = False) -> list[tuple[str, int]]:
    matcher = Matcher(formats or (_format(),), plain=plain)
    source = SourceText("file", text.encode())
    return [(m.value, m.start) for m in matcher.in_source(source, matcher.keywords)]


def test_values_and_their_places() -> None:
    assert _found("é x acme_0123abcd\nacme_89efabcd") == [
        ("acme_0123abcd", 4),
        ("acme_89efabcd", 18),
    ]


def test_a_long_line_is_searched_in_pieces() -> None:
    text = "y" * 10_000 + " acme_0123abcd " + "y" * 10_000 + " acme_89efabcd"
    assert [start for _, start in _found(text)] == [10_001, 20_016]


def test_placeholders_and_invalid_values_are_dropped() -> None:
    judged = _format(validate=lambda value: Validity.INVALID)
    assert _found("acme_0123abcd", judged) == []
    anything = _format(pattern=r"acme_(\S+)")
    assert _found("acme_CHANGEME acme_${KEY} acme_xxxxxxxx", anything) == []


def test_characters_beside_ascii_are_no_letters_for_either_engine() -> None:
    folding = _format(pattern=r"(?i)\b(acme_[k]{8})\b")
    text = "acme_" + "\u212a" * 8 + " acme_kkkkKKKK"
    assert len(_found(text, folding)) == len(_found(text, folding, plain=True)) <= 1


@needs_re2
@pytest.mark.parametrize("item", FORMATS, ids=lambda item: item.id)
def test_both_engines_take_every_pattern_and_agree(item: Format) -> None:
    assert prefilter.linear_pattern(item.pattern) is not None
    for text in (*item.bad, *item.good):
        assert _found(text, item) == _found(text, item, plain=True)


@pytest.mark.parametrize("item", FORMATS, ids=lambda item: item.id)
def test_no_pattern_is_slow_on_hostile_text(item: Format) -> None:
    pattern = re.compile(item.pattern, re.ASCII)
    started = time.process_time()
    for keyword in item.keywords:
        for filler in (keyword, " ", "a", "A1", "=", '"', "-"):
            text = (keyword + filler * 4096)[:4096]
            list(pattern.finditer(text))
    assert time.process_time() - started < 2
