"""Registered secrets, in every form in which output may carry them."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gitops_ci.output.redactor import MASK, SHORTEST, Redactor

SECRET = 'p@ss/w+rd "ü" & <x>'


def _encoded(prefix: str, value: str, suffix: str) -> str:
    return base64.b64encode((prefix + value + suffix).encode()).decode()


FORMS = [
    SECRET,
    _encoded("", SECRET, ""),
    _encoded("", SECRET, "").rstrip("="),
    base64.urlsafe_b64encode(SECRET.encode()).decode(),
    SECRET.encode().hex(),
    SECRET.encode().hex().upper(),
    quote(SECRET),
    quote(SECRET, safe=""),
    quote_plus(SECRET),
    quote_plus(SECRET).replace("%", "%25"),
    json.dumps(SECRET)[1:-1],
    json.dumps(SECRET, ensure_ascii=False)[1:-1],
    SECRET.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
]


@pytest.mark.parametrize("form", FORMS)
def test_forms_are_hidden(form: str) -> None:
    assert Redactor([SECRET]).text(f"before {form} after") == f"before {MASK} after"


@pytest.mark.parametrize("prefix", ["", "u", "us", "use", "user:"])
def test_a_secret_inside_longer_base64_is_hidden(prefix: str) -> None:
    encoded = _encoded(prefix, "correct horse battery", "!")
    hidden = Redactor(["correct horse battery"]).text(encoded)
    assert MASK in hidden
    assert len(hidden) <= len(encoded) - len("correct horse battery") + len(MASK) + 2


@pytest.mark.parametrize(
    ("values", "text", "expected"),
    [
        ((), "anything at all", "anything at all"),
        (("abc",), "abc is too short", "abc is too short"),
        (("true", "null", "12345"), '{"a": true, "b": null, "c": 12345}', None),
        (("secret1",), "secret1secret1 secret1", "*** ***"),
        (("abcdef", "defghi"), "xabcdefghix", "x***x"),
        (("abcd", "abcdefgh"), "abcdefgh abcdx", "*** ***x"),
        (("line one\nline two",), "line two, line one", "***, ***"),
        (("  padded  ",), "padded", "***"),
        (("gone",), "gone", "***"),
    ],
)
def test_text(values: tuple[str, ...], text: str, expected: str | None) -> None:
    assert Redactor(values).text(text) == (text if expected is None else expected)


def test_bytes_that_are_no_text_survive() -> None:
    redactor = Redactor(["hunter2"])
    assert redactor.data(b"\xff hunter2 \x80\x00") == b"\xff *** \x80\x00"
    assert Redactor().data(b"\xff") == b"\xff"


SECRETS = st.text(st.characters(codec="utf-8"), min_size=SHORTEST, max_size=30)


@given(SECRETS, st.text(max_size=20), st.text(max_size=20))
@example("0000", "", "")
def test_a_registered_value_never_passes(value: str, before: str, after: str) -> None:
    redactor = Redactor([value])
    text = redactor.text(f"{before}{value}{after}")
    plain = value.strip()
    worth = len(plain) >= SHORTEST and not plain.isdigit()
    if worth and plain.lower() not in ("true", "false", "null", "none"):
        assert plain not in text.replace(MASK, "\0")


def test_many_secrets_are_hidden_as_well() -> None:
    values = [f"{number:03}-secret" for number in range(300)]
    hidden = Redactor(values).text(" ".join([*values, "other"]))
    assert hidden == f"{MASK} " * 300 + "other"
