"""What plain scalars mean: go-yaml v2 (kubernetes) and v3 (kustomize), and who disagrees."""

from __future__ import annotations

import math

import pytest

from gitops_ci.documents import scalars

SAME = [
    ("", None),
    ("~", None),
    ("null", None),
    ("NULL", None),
    ("nUll", "nUll"),
    ("true", True),
    ("False", False),
    ("tRue", "tRue"),
    ("0", 0),
    ("-0", 0),
    ("42", 42),
    ("+42", 42),
    ("-42", -42),
    ("0755", 493),
    ("0o14", 12),
    ("0x1F", 31),
    ("0b101", 5),
    ("1_000", 1000),
    ("08", 8.0),
    ("1.10", 1.1),
    ("1e3", 1000.0),
    (".5", 0.5),
    ("5.", 5.0),
    ("1.2.3", "1.2.3"),
    ("1:30", "1:30"),
    ("12:30:45", "12:30:45"),
    ("2001-01-01", "2001-01-01"),
    ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
    ("9223372036854775807", 2**63 - 1),
    ("18446744073709551615", 2**64 - 1),
    ("18446744073709551616", float(2**64)),
    ("-9223372036854775809", float(-(2**63) - 1)),
    ("=", "="),
    ("-", "-"),
    (".", "."),
    ("+", "+"),
    ("0x", "0x"),
    ("0xg", "0xg"),
    ("1e", "1e"),
    ("e3", "e3"),
    ("100m", "100m"),
    ("v1.10", "v1.10"),
]


@pytest.mark.parametrize(("text", "value"), SAME)
def test_both_dialects(text: str, value: object) -> None:
    for resolve in (scalars.resolve_kubernetes, scalars.resolve_kustomize):
        result = resolve(text)
        assert result == value
        assert type(result) is type(value)


@pytest.mark.parametrize("text", ["y", "Y", "yes", "YES", "on", "On"])
def test_old_true(text: str) -> None:
    assert scalars.resolve_kubernetes(text) is True
    assert scalars.resolve_kustomize(text) == text


@pytest.mark.parametrize("text", ["n", "N", "no", "No", "off", "OFF"])
def test_old_false(text: str) -> None:
    assert scalars.resolve_kubernetes(text) is False
    assert scalars.resolve_kustomize(text) == text


def test_special_floats() -> None:
    assert math.isnan(scalars.resolve_kubernetes(".nan"))
    assert scalars.resolve_kubernetes("-.inf") == -math.inf


@pytest.mark.parametrize(
    "text",
    ["yes", "n", "off", "0755", "0o14", "0x1F", "1_000", "1.10", "1.0", "1e3", "12:30", "12:30:45",
     "2001-01-01", "08"],
)  # fmt: skip
def test_ambiguous(text: str) -> None:
    assert scalars.is_ambiguous(text)


@pytest.mark.parametrize(
    "text",
    ["", "null", "true", "1", "-1", "+1", "0", "0.5", "1.25", "100m", "1.2.3", "1.10.0",
     "8080:80:x", "nginx:1.10", "::1", "hello", "yesterday", "1Gi", "-", "v1.10"],
)  # fmt: skip
def test_unambiguous(text: str) -> None:
    assert not scalars.is_ambiguous(text)


def test_plain_wraps_only_what_is_ambiguous() -> None:
    doubtful = scalars.plain("0755")
    assert isinstance(doubtful, scalars.Ambiguous)
    assert doubtful.value == 493
    assert scalars.plain("web") == "web"
    assert scalars.plain("80") == 80
