from __future__ import annotations

import copy
import json
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.secrets.secret_text import SecretText

VALUES = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=12, max_size=40)


@given(VALUES)
def test_no_text_that_is_made_of_it_shows_the_value(value: str) -> None:
    secret = SecretText(value)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>80}",
        f"{[secret]}",
        "{}".format(secret),  # noqa: UP032 - the old way has to hide it too
        secret.length,
    ]
    assert not any(value in text for text in shown)


def test_it_is_not_pickled_or_serialised() -> None:
    secret = SecretText("correct horse")
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)


def test_an_error_about_it_does_not_show_it() -> None:
    secret = SecretText("correct horse")
    with pytest.raises(ValueError, match="characters") as caught:
        raise ValueError(secret)
    assert "horse" not in "".join(traceback.format_exception(caught.value))


def test_it_compares_by_value_and_survives_copies() -> None:
    secret = SecretText("correct horse")
    assert secret == SecretText("correct horse") == copy.deepcopy(copy.copy(secret))
    assert hash(secret) == hash(SecretText("correct horse"))
    assert secret != SecretText("other")
    assert secret != "correct horse"
    assert secret.reveal() == "correct horse"


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 to 8"), (8, "1 to 8"), (9, "9 to 16"), (64, "33 to 64"), (5000, "more than 4096")],
)
def test_its_length_is_told_in_classes(size: int, words: str) -> None:
    assert SecretText("x" * size).length == f"{words} characters"
