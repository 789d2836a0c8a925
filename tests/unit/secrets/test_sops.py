from __future__ import annotations

import pytest

from gitops_ci.secrets.sops.ciphertext import damage_of
from gitops_ci.secrets.sops.selection import selection_of
from tests.unit.secrets.searching import found

AGE = "  age:\n  - recipient: {{fake:age-recipient}}\n    enc: x\n"
BLOCK = "sops:\n" + AGE + "  lastmodified: '2026-01-01T00:00:00Z'\n  mac: {{fake:sops str}}\n"
VERSION = "  version: 3.9.4\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: {{fake:sops str}}\n"
SOPS_YAML = "creation_rules:\n- path_regex: \\.sops\\.yaml$\n"

CASES: dict[str, tuple[dict[str, str | bytes], list[tuple[int, str]]]] = {
    "complete": ({"a.yaml": SECRET + BLOCK + VERSION}, []),
    "a value was forgotten": (
        {"a.yaml": SECRET + "  b: plain-text\n" + BLOCK + VERSION},
        [(6, "sops/plaintext-value")],
    ),
    "an empty value needs no encryption": ({"a.yaml": SECRET + "  b: ''\n" + BLOCK + VERSION}, []),
    "no version": ({"a.yaml": SECRET + BLOCK}, [(6, "sops/incomplete-metadata")]),
    "no recipients": (
        {"a.yaml": SECRET + BLOCK.replace(AGE, "") + VERSION},
        [(6, "sops/incomplete-metadata")],
    ),
    "a damaged value": (
        {"a.yaml": SECRET.replace("{{fake:sops str}}", "ENC[AES256_GCM,data:a") + BLOCK + VERSION},
        [(5, "sops/broken-ciphertext")],
    ),
    "the expression misses the data": (
        {
            "a.yaml": SECRET.replace("{{fake:sops str}}", "{{fake:alnum 20}}")
            + BLOCK
            + VERSION
            + "  encrypted_regex: ^nothing$\n"
        },
        [(5, "secret/kubernetes-secret"), (6, "sops/secret-not-covered")],
    ),
    "a second document": (
        {"a.yaml": SECRET + BLOCK + VERSION + "---\nx: plain\n"},
        [(14, "sops/plaintext-value")],
    ),
    "other recipients than the rule": (
        {
            ".sops.yaml": SOPS_YAML + "  age: {{fake:age-recipient}}\n",
            "a.sops.yaml": SECRET
            + BLOCK.replace("{{fake:age-recipient}}", "age1" + "q" * 58)
            + VERSION,
        },
        [(6, "sops/stale-recipients")],
    ),
    "the same recipients": (
        {
            ".sops.yaml": SOPS_YAML + "  key_groups:\n  - age: [{{fake:age-recipient}}]\n",
            "a.sops.yaml": SECRET + BLOCK + VERSION,
        },
        [],
    ),
    "a file of a rule that is not encrypted": (
        {".sops.yaml": SOPS_YAML, "x/a.sops.yaml": "colour: blue\n"},
        [(1, "sops/not-encrypted")],
    ),
    "a rule that is wider than meant": (
        {".sops.yaml": "creation_rules: [{path_regex: yaml$}]\n", "a.yaml": "colour: blue\n"},
        [],
    ),
    "a rule that names the file": (
        {".sops.yaml": "creation_rules: [{path_regex: a\\.yaml$}]\n", "a.yaml": "colour: blue\n"},
        [(1, "sops/not-encrypted")],
    ),
    "a fingerprint in lower case": (
        {
            ".sops.yaml": "creation_rules: [{pgp: fbc7 b9e2}]\n",
            "a.yaml": "a: {{fake:sops str}}\nsops:\n  pgp: [{fp: FBC7B9E2}]\n"
            "  mac: {{fake:sops str}}\n  version: 3.9.4\n",
        },
        [],
    ),
    "an expression that is none": (
        {".sops.yaml": "creation_rules:\n- path_regex: x\n- path_regex: '(x'\n"},
        [(3, "sops/invalid-rules")],
    ),
    "an expression that looks ahead": (
        {".sops.yaml": "creation_rules:\n- path_regex: x\n  encrypted_regex: ^(?!a)\n"},
        [(3, "sops/invalid-rules")],
    ),
    "expressions that only Go knows": (
        {".sops.yaml": "creation_rules:\n- path_regex: \\.yaml\\z|[[:alpha:]]\\pL\n"},
        [],
    ),
    "no rules": ({".sops.yaml": "- a\n"}, [(1, "sops/invalid-rules")]),
    "dotenv": (
        {
            "a.env": "A={{fake:sops str}}\nB=plain\nsops_mac={{fake:sops str}}\nsops_version=3.9\n"
            "sops_age__list_0__map_recipient={{fake:age-recipient}}\n"
        },
        [(2, "sops/plaintext-value")],
    ),
    "INI": (
        {
            "a.ini": "[x]\nb = plain\nc_unencrypted = plain\n[sops]\nmac = {{fake:sops str}}\n"
            "lastmodified = x\nversion = 3\n"
        },
        [(2, "sops/plaintext-value"), (5, "sops/incomplete-metadata")],
    ),
    "JSON": (
        {
            "a.json": '{"a": "plain",\n"sops": {"mac": "{{fake:sops str}}", "version": "3", "age": '
            '[{"recipient": "age1"}]}}'
        },
        [(1, "sops/plaintext-value")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_encryption_is_checked_without_a_key(case: str) -> None:
    files, expected = CASES[case]
    assert [(line, rule) for _, line, rule, _ in found(files)] == expected


@pytest.mark.parametrize(
    ("fields", "keys", "covered"),
    [
        ({}, ["a"], True),
        ({}, ["a_unencrypted"], False),
        ({"unencrypted_suffix": "_plain"}, ["a_unencrypted"], True),
        ({"encrypted_suffix": "_enc"}, ["x_enc", "y"], True),
        ({"encrypted_suffix": "_enc"}, ["x", "y"], False),
        ({"encrypted_regex": "^(data|stringData)$"}, ["stringData", "a"], True),
        ({"encrypted_regex": "^(data|stringData)$"}, ["metadata", "name"], False),
        ({"unencrypted_regex": "^name$"}, ["metadata", "name"], False),
        ({"encrypted_regex": "("}, ["a"], True),
    ],
)
def test_which_values_are_encrypted(fields: dict[str, str], keys: list[str], covered: bool) -> None:
    assert selection_of(fields).covers(keys) is covered


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]", "its iv has not 32 bytes"),
        ("ENC[AES256_GCM,data:!,iv:YQ==,tag:YQ==,type:str]", "its data is no base64"),
        ("ENC[AES256_GCM,data:YQ==", "it is cut off or changed"),
    ],
)
def test_what_is_wrong_with_a_value(text: str, words: str) -> None:
    assert damage_of(text) == words
