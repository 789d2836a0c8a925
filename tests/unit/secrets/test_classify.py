from __future__ import annotations

import pytest

from gitops_ci.secrets.classify import Kind, classify
from tests.support.fakes import fill

ROWS: list[tuple[Kind, list[str]]] = [
    (
        Kind.SECRET,
        [
            "hunter2",
            "vK9-trumpet-Lagoon",
            "{{fake:alnum 40}}",
            "{{fake:b64 60}}",
            "{{fake:hex 32}}",
            "p@ss word",
            "Tr0ub4dor&3",
            "a-Xk92lmnPQr7",
            "no-Zq81kLmv93",
            "${DB_PASSWORD:-{{fake:alnum 24}}}",
            "${DB_PASSWORD:={{fake:alnum 24}}}",
            "${db.password:{{fake:alnum 24}}}",
            "${DB_PASSWORD:-vK9-trumpet-Lagoon}",
        ],
    ),
    (
        Kind.REFERENCE,
        [
            "${DB_PASSWORD}",
            "${DB_PASSWORD:-}",
            "${DB_PASSWORD:-changeme}",
            "${DB_PASSWORD:=postgres}",
            "${DB_PASSWORD:-${OTHER}}",
            "${DB_PASSWORD:?it has to be set}",
            "$(DB_PASSWORD)",
            "$DB_PASSWORD",
            "$oidc.keycloak.clientSecret",
            "$__file{/etc/secrets/admin-password}",
            "$__env{OAUTH_SECRET}",
            "%[req.hdr(Authorization)]",
            "((vault:git.password))",
            "{{ .Values.password }}",
            "{{ .Values.user }}:{{ .Values.password }}",
            "<path:secret/data/shop#password>",
            "ref+vault://secret/shop#/password",
            "op://vault/item/field",
            "vault:secret/data/shop#PASSWORD",
            "var.db_password",
            "random_password.db.result",
            "/run/secrets/db",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop",
            "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/y)",
            "os.environ['TOKEN']",
            "sys.argv[2]",
            "shop/production/db/password",
        ],
    ),
    (
        Kind.PLACEHOLDER,
        [
            "",
            "CHANGEME",
            "change-me",
            "<your token>",
            "your-api-key-here",
            "xxxxxxxx",
            "********",
            "REPLACE_ME",
            "__TOKEN__",
            "UPDATE_AWS_ACCESS_KEY_ID",
            "password",
            "RANDOM",
            "my-secret-password",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "none",
            "dummy",
        ],
    ),
    (
        Kind.CIPHERTEXT,
        [
            "ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]",
            "$ANSIBLE_VAULT;1.1;AES256",
            "AgA" + "b" * 320,
            "vault:v1:abcdef",
            "{cipher}abcdef",
            "{COQLCE6DU6GtcS5PABCDEF==}",
        ],
    ),
    (
        Kind.PUBLIC,
        [
            *("{{fake:pem-certificate}}", "{{fake:ssh-public}}", "{{fake:age-recipient}}"),
            *("sha256:abc", "AC{{fake:hex 32}}"),
        ],
    ),
    (
        Kind.HASH,
        [
            "{{fake:bcrypt}}",
            "admin:$apr1$x$y",
            "{SHA}abc",
            "{{fake:bytes 32}} {{fake:bytes 32}}",
            "$argon2id$v=19$m=1",
        ],
    ),
    (
        Kind.PLAIN,
        ["12", "8080", "1.2.3", "2026-01-02", "https://x.io/y", "a@b.io", "30s", "ab", "#/$defs/X"],
    ),
]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in ROWS for text in texts], ids=str
)
def test_what_a_value_is(kind: Kind, text: str) -> None:
    assert classify(fill(text, "classify")) is kind


@pytest.mark.parametrize("text", ["a" * 200_000, " " * 200_000, "$" * 200_000, "<" * 200_000])
def test_long_values_take_no_time(text: str) -> None:
    assert classify(text) in Kind
