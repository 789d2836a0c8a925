from __future__ import annotations

import pytest

from gitops_ci.secrets.strength import HIGH_BITS, bits, looks_made_up, looks_random
from tests.support.fakes import fill

GENERATED = ["alnum 20", "hex 32", "b64 40", "b64url 43", "lowalnum 24", "uuid", "base32 32"]
WRITTEN = [
    "my-very-long-service-account-name",
    "kubernetes.io/service-account-token",
    "wildcard-example-com-2024-tls",
    "SomeCamelCaseIdentifierOfAClass",
    "eu-central-1",
    "v1.32.4-alpine3.20",
    "postgresql",
    "ThisIsNotAPassword",
    "aaaaaaaaaaaaaaaaaaaaaaaa",
]


@pytest.mark.parametrize("kind", GENERATED)
@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_what_generators_make_looks_random(kind: str, seed: str) -> None:
    value = fill(f"{{{{fake:{kind}}}}}", seed)
    assert looks_random(value)
    assert bits(value) >= HIGH_BITS


@pytest.mark.parametrize("text", WRITTEN)
def test_what_people_write_does_not(text: str) -> None:
    assert not looks_random(text)


def test_passwords_that_people_think_out() -> None:
    assert looks_made_up("Tr0ub4dor")
    assert looks_made_up("admin-12A")
    assert not looks_made_up("admin")
    assert not looks_made_up("Two Words1")


@pytest.mark.parametrize("text", ["hunter2", "correct-horse-battery", "123456789012", "P4ss!"])
def test_what_can_be_guessed_has_few_bits(text: str) -> None:
    assert bits(text) < HIGH_BITS
