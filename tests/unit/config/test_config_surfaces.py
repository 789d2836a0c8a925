"""Schema, sample and reference are made from the model: they say what decoding does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gitops_ci.config.fields import fields_of
from gitops_ci.config.json_schema import json_schema
from gitops_ci.config.keys import plain
from gitops_ci.config.load import load
from gitops_ci.config.model import Config
from gitops_ci.config.reference import reference
from gitops_ci.config.sample import sample
from gitops_ci.documents.read import read
from tests.unit.config.test_decode import FAULTS, VALUES

BASE = {".platform/gitops-ci-base.yaml": b""}


def value_of(text: str) -> Any:
    documents = read("a.yaml", text.encode()).documents
    return documents[0].value if documents else None


def keys_of(section: type, above: str = "") -> Iterator[str]:
    for info in fields_of(section):
        yield f"{above}{info.yaml}"
        if info.section is not None:
            yield from keys_of(info.section, f"{above}{info.yaml}.")


def written(value: Any, section: type, above: str = "") -> Iterator[str]:
    for info in fields_of(section):
        if info.yaml not in value:
            continue
        yield f"{above}{info.yaml}"
        inner = value[info.yaml]
        members = inner.values() if info.is_map else inner if info.is_list else [inner]
        for member in members if info.section is not None else ():
            assert info.section is not None
            yield from written(member, info.section, f"{above}{info.yaml}.")


def test_the_sample_decodes_without_a_fault() -> None:
    loaded = load({".gitops-ci.yaml": sample().encode(), **BASE}.get)
    assert loaded.findings == ()
    assert loaded.config != Config()


def test_the_sample_has_every_key() -> None:
    assert set(written(value_of(sample()), Config)) == set(keys_of(Config))


def test_the_sample_fits_the_line() -> None:
    assert max(len(line) for line in sample().splitlines()) <= 100


def test_the_reference_has_every_key() -> None:
    text = reference()
    assert all(f"| `{key.rpartition('.')[2]}` |" in text for key in keys_of(Config))
    assert sample() in text


def test_every_field_says_what_it_is() -> None:
    for key in keys_of(Config):
        assert key
    assert all(info.setting.doc.endswith(".") for info in _all_fields(Config))


def _all_fields(section: type) -> Iterator[Any]:
    for info in fields_of(section):
        yield info
        if info.section is not None:
            yield from _all_fields(info.section)


@pytest.fixture(scope="module")
def validator() -> Any:
    from jsonschema import Draft202012Validator

    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("text", [sample(), *(text for text, *_ in VALUES)])
def test_the_schema_accepts_what_decodes(text: str, validator: Any) -> None:
    assert [error.message for error in validator.iter_errors(value_of(text))] == []


BEYOND_SCHEMA = {
    "bad-pattern",
    "bad-window",
    "unknown-environment",
    "unknown-cluster",
    "environment-cycle",
    "duplicate-name",
}
"""What a schema cannot tell."""


@pytest.mark.parametrize(
    "text",
    [
        text
        for text, *_, rule, message, _hint in FAULTS
        if rule not in BEYOND_SCHEMA
        and not any(
            word in message
            for word in ("pack", "time zone", "path inside", "empty", "name", "finite")
        )
    ],
)
def test_the_schema_refuses_what_does_not(text: str, validator: Any) -> None:
    assert not validator.is_valid(value_of(text))


def test_a_config_can_be_written_as_it_was_read() -> None:
    text = sample()
    config = load({".gitops-ci.yaml": text.encode(), **BASE}.get).config
    content = plain(config)
    assert content["render"]["timeout"] == "1m"
    assert content["environments"]["prod"]["from"] == ["staging"]
    assert content["policy"]["rules"] == {"image/mutable-tag": "error"}
