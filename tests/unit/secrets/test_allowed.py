from __future__ import annotations

import hashlib
import json

import pytest

from gitops_ci.findings.suppression import Suppression
from gitops_ci.secrets.allowed import read_legacy_baseline
from tests.unit.secrets.searching import search


def _suppressed(text: str, path: str = "v.yaml", **options: object) -> list[tuple[str, str]]:
    result = search({path: text}, **options)
    return [(item.kind, item.rule) for item in result.suppressions if _covers(item, result)]


def _covers(item: Suppression, result: object) -> bool:
    return any(item.scope.covers(f, None) for f in result.findings)  # type: ignore[attr-defined, arg-type]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("password: hunter2 # pragma: allowlist secret\n", 1),
        ("password: hunter2 # pragma: whitelist secret\n", 1),
        ("# pragma: allowlist nextline secret\npassword: hunter2\n", 1),
        ("password: hunter2 # pragma: allowlist\n", 0),
        ("# pragma: allowlist secret\npassword: hunter2\n", 0),
        ("a: 1 # pragma: allowlist secret\n", 0),
    ],
)
def test_comments_of_detect_secrets(text: str, count: int) -> None:
    assert _suppressed(text) == [("comment", "secret/credential")] * count


def _baseline(value: str, **entry: object) -> bytes:
    digest = hashlib.sha1(value.encode()).hexdigest()
    entries = [{"type": "Secret Keyword", "hashed_secret": digest, "line_number": 9, **entry}]
    return json.dumps({"version": "1.5.0", "results": {"./v.yaml": entries}}).encode()


def test_its_baseline_is_honoured_by_value_and_path() -> None:
    legacy = read_legacy_baseline(_baseline("hunter2"))
    text = "x: 1\npassword: hunter2\n"
    assert _suppressed(text, legacy=legacy) == [("exception", "secret/credential")]
    assert _suppressed(text, "other.yaml", legacy=legacy) == []
    assert _suppressed(text.replace("2", "3"), legacy=legacy) == []


def test_what_was_audited_as_real_is_not_accepted() -> None:
    legacy = read_legacy_baseline(_baseline("hunter2", is_secret=True))
    assert _suppressed("password: hunter2\n", legacy=legacy) == []


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"results": 1}', b'{"results": {"a": [1]}}', b"\xff"]
)
def test_a_broken_baseline_accepts_nothing(data: bytes) -> None:
    assert read_legacy_baseline(data).accepted == {}
