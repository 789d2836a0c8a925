"""What the text of a credential says about its own validity."""

from __future__ import annotations

import base64
import json

import pytest

from gitops_ci.secrets.format import Validity
from gitops_ci.secrets.formats import FORMATS, formats_at
from gitops_ci.secrets.formats.checks import checks_at, is_typed_by_hand
from tests.support.fakes import fill

VALID, UNKNOWN, INVALID = Validity.VALID, Validity.UNKNOWN, Validity.INVALID
EXPIRED = Validity.EXPIRED
NOW = 1_800_000_000.0


def _changed(token: str) -> str:
    """The token with another character in its middle."""
    middle = len(token) // 2
    other = "b" if token[middle] == "a" else "a"
    return token[:middle] + other + token[middle + 1 :]


def _token(head: object, claims: object) -> str:
    parts = [json.dumps(part).encode() for part in (head, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + ".abc"


ROWS = [
    ("github", fill("{{fake:github ghp_}}", "a"), VALID),
    ("github", fill("{{fake:github npm_}}", "a"), VALID),
    ("github", _changed(fill("{{fake:github ghp_}}", "a")), UNKNOWN),
    ("github", "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789", INVALID),
    ("github", "ghp_" + "a" * 36, INVALID),
    ("grafana", fill("{{fake:grafana}}", "a"), VALID),
    ("grafana", _changed(fill("{{fake:grafana}}", "a")), UNKNOWN),
    ("gitlab-routable", fill("{{fake:gitlab-routable glpat-}}", "a"), VALID),
    ("gitlab-routable", fill("glpat-{{fake:b64url 40}}.01.{{fake:lowalnum 9}}", "a"), UNKNOWN),
    ("gitlab-routable", fill("glpat-{{fake:b64url 40}}.01.12-_-_-_-", "a"), UNKNOWN),
    ("nkey", fill("{{fake:nkey}}", "a"), UNKNOWN),
    ("nkey", fill("SUA{{fake:base32 55}}", "a"), INVALID),
    ("nkey", "SUA" + "1" * 55, INVALID),
    ("base58", fill("{{fake:wif}}", "a"), UNKNOWN),
    ("base58", _changed(fill("{{fake:wif}}", "a")), INVALID),
    ("base58", "K0OIl", INVALID),
    ("bech32", fill("{{fake:bech32-key nsec}}", "a"), UNKNOWN),
    ("bech32", fill("nsec1{{fake:bech32 58}}", "a"), INVALID),
    ("bech32", "nsec", INVALID),
    ("aws-id", fill("{{fake:aws-id AKIA}}", "a"), UNKNOWN),
    ("aws-id", "AKIA" + "7" * 16, INVALID),
    ("aws-id", "AKIAJ" + "7" * 15, UNKNOWN),
    ("aws-id", "AKIA" + "1" * 16, INVALID),
    ("aws-id", "AKIA" + "7XKQ2ZPMW4RT5YNB", UNKNOWN),
    ("macaroon", fill("{{fake:pypi pypi.org}}", "a"), UNKNOWN),
    ("macaroon", "pypi-AgEIcHlwaS5vcmc*", UNKNOWN),
    ("macaroon", fill("pypi-{{fake:b64url 150}}", "b"), UNKNOWN),
    ("macaroon", "pypi-" + "A" * 80, INVALID),
    ("discord", fill("{{fake:discord}}", "a"), UNKNOWN),
    ("discord", "bm90IGEgbnVtYmVyIGF0IGFsbA.abcdef.ghijkl", INVALID),
    ("basic", fill("{{fake:text robot:{{fake:password}} | base64}}", "a"), UNKNOWN),
    ("basic", fill("{{fake:text no colon here | base64}}", "a"), INVALID),
    ("basic", fill("{{fake:text robot: | base64}}", "a"), INVALID),
    ("basic", "////", INVALID),
    ("base64-32", fill("{{fake:bytes 32}}", "a"), UNKNOWN),
    ("base64-32", fill("{{fake:bytes 31}}", "a"), INVALID),
    ("base64-64", fill("{{fake:bytes 64}}", "a"), UNKNOWN),
    ("base64-64", "A" * 86 + "==", INVALID),
    ("mixed", "a1b2c3d4e5", UNKNOWN),
    ("mixed", "abcdefghij", INVALID),
    ("mixed", "a1a1a1a1a1", INVALID),
    ("jwt", fill("{{fake:jwt exp=1700000000}}", "a"), EXPIRED),
    ("jwt", fill("{{fake:jwt exp=1900000000}}", "a"), UNKNOWN),
    ("jwt", fill("{{fake:jwt}}", "a"), UNKNOWN),
    ("jwt", _token({"alg": "none"}, {}), INVALID),
    ("jwt", _token({"typ": "TCV2"}, {}), INVALID),
    ("jwt", _token({"alg": "HS256"}, [1]), INVALID),
    ("jwt", _token({"alg": "HS256"}, {"exp": "soon"}), UNKNOWN),
    ("jwt", _token({"alg": "HS256"}, {"exp": True}), UNKNOWN),
    ("jwt", "eyJhbGciOiJIUzI1NiJ9", INVALID),
    ("jwt", "e.e.e", INVALID),
    ("jwt", _token({"alg": "HS256"}, {"sub": "1234567890", "name": "John Doe"}), INVALID),
    ("jwt", _token({"alg": "HS256"}, {"sub": "1234567890", "name": "Ada"}), UNKNOWN),
    ("jwt", base64.b64encode(b"[" * 50_000).decode() + ".e30.abc", INVALID),
]


@pytest.mark.parametrize(("check", "text", "verdict"), ROWS)
def test_verdicts(check: str, text: str, verdict: Validity) -> None:
    assert checks_at(NOW)[check](text) is verdict


def test_every_check_has_rows() -> None:
    assert {check for check, _, _ in ROWS} == set(checks_at(None))


def test_every_check_bears_any_text() -> None:
    for check in checks_at(NOW).values():
        for text in ("x", "pypi-", "äöü.ß.€", "....", "====", "A" * 5000, "1" * 5000):
            assert check(text) in Validity


def test_without_a_clock_nothing_is_expired() -> None:
    token = fill("{{fake:jwt exp=1700000000}}", "a")
    assert checks_at(None)["jwt"](token) is UNKNOWN
    by_id = {item.id: item for item in formats_at(NOW)}
    check = by_id["jwt"].validate
    assert check is not None
    assert check(token) is EXPIRED
    assert len(by_id) == len(FORMATS)


@pytest.mark.parametrize("text", ["abcdefgh", "12345678", "aaaaaa", "aabbccdd11", "", "x"])
def test_typed_by_hand(text: str) -> None:
    assert is_typed_by_hand(text)


@pytest.mark.parametrize("text", ["q7Zk2Pw9Lx", "ghp_8sKd02mPqXz71"])
def test_not_typed_by_hand(text: str) -> None:
    assert not is_typed_by_hand(text)
