"""Whatever is found: no text that leaves the scan holds the value in any form."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_ci.model.finding import Finding
from gitops_ci.output.redactor import Redactor
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.secrets.scan import ScanRequest, scan

ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
VALUES = st.text(ALPHABET, min_size=14, max_size=60).filter(
    lambda text: any(c.isdigit() for c in text) and any(c.isupper() for c in text)
)
SHAPES = (
    ("v.yaml", "password: '{value}'\n"),
    (
        "v.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{k: '{value}'}}\n",
    ),
    ("v.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{k: '{base64}'}}\n"),
    ("v.yaml", "env: [{{name: API_TOKEN, value: '{value}'}}]\n"),
    ("v.yaml", "data:\n  c: |\n    [x]\n    password={value}\n"),
    ("v.yaml", "# password: {value}\n"),
    ("v.yaml", "password: {value}\nsops: {{mac: x, lastmodified: y, version: z}}\n"),
    ("kustomization.yaml", "secretGenerator: [{{name: a, literals: ['k={value}']}}]\n"),
    (".env", "API_TOKEN={value}\n"),
    ("a.sh", "curl -u admin:{value} https://x.example\n"),
    ("a.conf", "url=postgres://a:{value}@db/x\n"),
    ("a.tf", 'variable "password" {{\n  default = "{value}"\n}}\n'),
    ("a.json", '{{"auths": {{"r.example": {{"auth": "{login}"}}}}}}'),
)


def _forms(value: str) -> Iterator[str]:
    data = value.encode()
    yield value
    yield base64.b64encode(data).decode().rstrip("=")
    yield base64.urlsafe_b64encode(data).decode().rstrip("=")
    yield data.hex()
    yield data.hex().upper()
    yield urllib.parse.quote(value, safe="")


def _texts(finding: Finding) -> str:
    return f"{finding!r} {finding.message} {finding.hint} {finding.key} {finding.related}"


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape[1][:30])
@given(value=VALUES)
@settings(max_examples=40)
def test_nothing_that_leaves_shows_the_value(shape: tuple[str, str], value: str) -> None:
    path, pattern = shape
    login = base64.b64encode(f"robot:{value}".encode()).decode()
    text = pattern.format(
        value=value, base64=base64.b64encode(value.encode()).decode(), login=login
    )
    hidden: list[str] = []
    result = scan(ScanRequest(Files(MemoryTree({path: text})), hide=hidden.append))
    said = " ".join(_texts(finding) for finding in result.findings) + repr(result)
    assert not any(form in said for form in _forms(value))
    if any(value in item for item in hidden):  # a placeholder is no secret, wherever it is reported
        redactor = Redactor(hidden)
        assert value not in redactor.text(f"error near {text!r}")
        assert value not in redactor.text(json.dumps({"value": value}))


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@given(value=VALUES, shape=st.sampled_from(SHAPES))
@settings(max_examples=10_000)
def test_nothing_shows_it_in_many_runs(value: str, shape: tuple[str, str]) -> None:
    text = shape[1].format(value=value, base64=base64.b64encode(value.encode()).decode(), login="x")
    result = scan(ScanRequest(Files(MemoryTree({shape[0]: text}))))
    assert not any(form in repr(result) for form in _forms(value))
