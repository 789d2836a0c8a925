from __future__ import annotations

import pytest

from gitops_ci.secrets.prints import DEFAULT_SALT, is_by_place, print_of, salt_of
from gitops_ci.secrets.secret_text import SecretText
from tests.support.fakes import fill
from tests.unit.secrets.searching import search

STRONG = SecretText(fill("{{fake:alnum 40}}", "prints"))


def _key(text: str, path: str = "v.yaml", **options: object) -> str:
    (finding,) = search({path: text}, **options).findings
    return finding.key


def test_a_strong_value_is_known_again_wherever_it_moves() -> None:
    key = _key("token: {{fake:alnum 40}}\n")
    assert not is_by_place(key)
    assert key == _key("# more\n\nx: 1\ntoken:   '{{fake:alnum 40}}'\n", "renamed.yaml")
    assert key != _key("token: {{fake:alnum 41}}\n")


def test_the_salt_changes_it() -> None:
    assert print_of(STRONG, b"one") != print_of(STRONG, b"two")
    assert print_of(STRONG, b"one") == print_of(SecretText(STRONG.reveal()), b"one")


@pytest.mark.parametrize(
    "value", ["hunter2", "correct-horse-battery-staple", "471147", "P4ssword!"]
)
def test_a_value_that_can_be_guessed_has_no_hash(value: str) -> None:
    assert print_of(SecretText(value), DEFAULT_SALT) == ""
    assert is_by_place(_key(f"password: {value}\n"))


def test_the_salt_of_the_repository() -> None:
    assert salt_of(b"abc\n") == b"abc"
    assert salt_of(None) == salt_of(b" \n") == DEFAULT_SALT
