from __future__ import annotations

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.secrets.decode import DEPTH, from_base64, layers

TEXT = "token: abcdefgh"


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        (_b64(TEXT.encode()), [TEXT]),
        (base64.urlsafe_b64encode("ü?>~token>>".encode()).decode(), ["ü?>~token>>"]),
        (TEXT.encode().hex(), [TEXT]),
        (_b64(gzip.compress(TEXT.encode(), mtime=0)), [TEXT]),
        (_b64(_b64(TEXT.encode()).encode()), [_b64(TEXT.encode()), TEXT]),
        ("not encoded at all", []),
        (_b64(bytes(range(256))), []),
        ("short", []),
    ],
)
def test_layers(text: str, inner: list[str]) -> None:
    assert list(layers(text)) == inner


def test_only_so_many_layers_are_taken_off() -> None:
    text = TEXT
    for _ in range(DEPTH + 2):
        text = _b64(text.encode())
    assert len(list(layers(text))) == DEPTH


def test_a_bomb_is_not_unpacked() -> None:
    bomb = _b64(gzip.compress(b"a" * 50_000_000, mtime=0))
    assert all(len(text) <= 2 * 2**20 for text in layers(bomb))


def test_base64_over_several_lines() -> None:
    wrapped = "\n".join([_b64(TEXT.encode())[:10], _b64(TEXT.encode())[10:]]) + "\n"
    assert from_base64(wrapped) == TEXT


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    assert all(isinstance(inner, str) for inner in layers(text))
