"""String formats as the API server reads them."""

from __future__ import annotations

import re

import pytest

from gitops_ci.schemas.export import BYTE_PATTERN
from gitops_ci.schemas.formats import CHECKS, DURATION


@pytest.mark.parametrize(
    ("name", "text", "valid"),
    [
        ("duration", "1h30m", True),
        ("duration", "0", True),
        ("duration", "-1.5s", True),
        ("duration", "5 minutes", True),
        ("duration", "100µs", True),
        ("duration", "80", False),
        ("duration", "soon", False),
        ("duration", "PT1H", False),
        ("duration", "", False),
        ("duration", "1h\n", False),
        ("byte", "", True),
        ("byte", "aGk=", True),
        ("byte", "aGk=\n", True),
        ("byte", "aGVs\nbG8h\n", True),
        ("byte", "ENC[AES256_GCM,data:x]", True),
        ("byte", "aGk", False),
        ("byte", "a Gk=", False),
        ("byte", "aGk==", False),
        ("byte", "hällo", False),
        ("cidr", "10.0.0.1/8", True),
        ("cidr", "fd00::/8", True),
        ("cidr", "10.0.0.1", False),
        ("cidr", "10.0.0.0/33", False),
        ("uri", "https://example.com/a?b=c", True),
        ("uri", "/healthz", True),
        ("uri", "example.com", False),
        ("mac", "00:00:5e:00:53:01", True),
        ("mac", "0000.5e00.5301", True),
        ("mac", "00:00:5e", False),
    ],
)
def test_formats(name: str, text: str, *, valid: bool) -> None:
    assert CHECKS[name](text) is valid


@pytest.mark.parametrize(
    "text", ["", "aGk=", "aGVs\nbG8h\n", "ENC[x", "aGk", "a Gk=", "aGk==", "x"]
)
def test_the_patterns_for_kubeconform_say_the_same(text: str) -> None:
    assert bool(re.search(BYTE_PATTERN, text)) is CHECKS["byte"](text)
    assert bool(re.search(DURATION, text)) is CHECKS["duration"](text)
