from __future__ import annotations

import pytest

from gitops_ci.secrets.telling import SIGNS, Telling, entry_key, has_sign, telling

NO, NEAR, BEFORE, SURELY = Telling


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("the password of the account", NO),
        ("passwordKey: password", NO),
        ("password: {name: shop, key: abc}", NO),
        ('"Jwt": {"Key": "Xk29lmQ7bw8Rz41Fp6"}', SURELY),
        ('"unseal_keys_b64": [', SURELY),
        ('"command": ["run", "--password", "abc"],', SURELY),
        ("args: [run, --verbose, abc]", NO),
        ("token: {value: abc}", SURELY),
        ("    secretKeyRef:", NO),
        ('password: ""', NO),
        ("password: ${PASSWORD}", NO),
        ("existingSecret: shop", NO),
        ("# password: hunter42xyz", SURELY),
        ("password: hunter42xyz", SURELY),
        ("password: |", SURELY),
        ("password: *other", SURELY),
        ("- password: hunter42xyz", SURELY),
        ('"password": "hunter42xyz"', SURELY),
        ("auth: {password: hunter42xyz}", SURELY),
        ("auth: {password: ${P}, user: x}", NO),
        ('config: "{\\"a\\": 1}"', SURELY),
        ("secrets:", SURELY),
        ("secrets: {a: b}", SURELY),
        ("password:", BEFORE),
        ("- name: API_TOKEN", NEAR),
        ("- {name: API_TOKEN, value: x}", NEAR),
        ("- name: PORT", NO),
        ("  path: /stringData/password", NEAR),
        ("  path: /spec/template/spec/secretName", NO),
        ("- --token", SURELY),
        ("- --port", NO),
        ('command: ["redis-cli", "-a", "hunter42xyz", "ping"]', SURELY),
        ('command: ["redis-cli", "-p", "6379", "ping"]', NO),
        ("args: [--token, hunter42xyz]", SURELY),
        ('command: ["run", "--token", "hunter42xyz"]', SURELY),
        ("args: [--port, token]", NO),
        ("command: run --token=hunter42xyz", SURELY),
        ("note: TOKEN=hunter42xyz", SURELY),
    ],
)
def test_what_a_line_tells_of_its_document(line: str, told: Telling) -> None:
    assert telling(line) is told


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("kind: Secret", True),
        ("kind: Secret\r", True),
        ("kind: SecretStore", False),
        ("kind: SealedSecret", True),
        ("  stringData:", True),
    ],
)
def test_a_kind_is_a_sign_where_the_line_ends(line: str, counts: bool) -> None:
    signs = frozenset(sign for sign in SIGNS if sign in line.lower())
    assert has_sign(line, signs) is counts


def test_items_are_no_entries() -> None:
    assert entry_key("  user: x") == "user"
    assert not entry_key("  - user: x")
    assert not entry_key("hunter42xyz")
