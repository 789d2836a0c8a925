from __future__ import annotations

import pytest

from gitops_ci.model.severity import Severity
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.secrets.scan import MAX_BYTES, ScanRequest, scan
from tests.unit.secrets.searching import found, search

SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\nstringData:\n"
CREDENTIAL = "secret/credential"
KUBERNETES = "secret/kubernetes-secret"
UNSEAL = "secret/vault-unseal-key"

LOUD: dict[str, tuple[dict[str, str | bytes], list[tuple[str, int, str]]]] = {
    "each entry of a Secret is one": (
        {"s.yaml": SECRET + "  password: hunter2\n  user: shop\n  pin: '4711'\n"},
        [("s.yaml", 5, KUBERNETES), ("s.yaml", 7, KUBERNETES)],
    ),
    "a number is a password too": (
        {"s.yaml": SECRET + "  password: 4711\n"},
        [("s.yaml", 5, KUBERNETES)],
    ),
    "a Secret in a List, in JSON": (
        {
            "s.json": '{"apiVersion": "v1", "kind": "List", "items": [\n{"apiVersion": "v1", '
            '"kind": "Secret", "metadata": {"name": "a"},\n'
            '"data": {"x": "{{fake:alnum 20 | base64}}"}}]}'
        },
        [("s.json", 3, KUBERNETES)],
    ),
    "a kustomization names the files": (
        {
            "app/kustomization.yaml": "secretGenerator:\n- name: db\n  envs: [../db.env]\n"
            "  literals:\n  - thing=blue\n  - token={{fake:alnum 32}}\n",
            "db.env": "# comment\nUSER=shop\nANYTHING={{fake:alnum 24}}\n",
        },
        [
            ("app/kustomization.yaml", 5, "secret/secret-generator"),
            ("app/kustomization.yaml", 6, "secret/secret-generator"),
            ("db.env", 3, "secret/secret-generator"),
        ],
    ),
    "a name and its value apart": (
        {"d.yaml": "env:\n- name: DB_PASSWORD\n  value: hunter2\n"},
        [("d.yaml", 3, CREDENTIAL)],
    ),
    "a flag and its value apart": (
        {"d.yaml": 'args: [run,\n  --password,\n  "hunter2"]\n'},
        [("d.yaml", 3, CREDENTIAL)],
    ),
    "a commented line": (
        {"v.yaml": "a: 1\n# password: hunter2 # old\n"},
        [("v.yaml", 2, CREDENTIAL)],
    ),
    "text that is no YAML is read line by line": (
        {"t.yaml": "{{- if .Values.x }}\npassword: hunter2\n{{ end }}\nkey: {{ .Values.key }}\n"},
        [("t.yaml", 2, CREDENTIAL)],
    ),
    "a Secret in a template": (
        {
            "t.yaml": "{{- if .Values.x }}\nkind: Secret\nstringData:\n  thing: {{fake:alnum 20}}\n"
            "  other: {{ .Values.other }}\n{{ end }}\n"
        },
        [("t.yaml", 4, KUBERNETES)],
    ),
    "the environment of a container in a template": (
        {
            "t.yaml": "{{- range .Values.x }}\nenv:\n  - name: API_TOKEN\n"
            "    value: {{fake:alnum 36}}\n  - name: DB_PASSWORD\n"
            "    value: {{ .Values.password }}\n{{ end }}\n"
        },
        [("t.yaml", 4, CREDENTIAL)],
    ),
    "a key is told by what is around it": (
        {
            "v.yaml": "a:\n  jwt:\n    key: {{fake:alnum 40}}\n",
            "c.yaml": "chpasswd:\n  list: |\n    root:Xk29-lmQ7\n",
        },
        [("c.yaml", 3, CREDENTIAL), ("v.yaml", 3, CREDENTIAL)],
    ),
    "a list of keys": (
        {"init.json": '{"unseal_keys_b64": [\n"{{fake:alnum 44}}",\n"{{fake:alnum 44}}"]}'},
        [("init.json", 2, UNSEAL), ("init.json", 3, UNSEAL)],
    ),
    "a flag of a database client": (
        {"d.yaml": "args:\n  - mongosh -u root -p 'Xk29-lmQ7' --eval 1\n"},
        [("d.yaml", 2, CREDENTIAL)],
    ),
    "an address with a password among its parameters": (
        {"s.yaml": SECRET + "  url: jdbc:postgresql://db/shop?user=a&password={{fake:alnum 16}}\n"},
        [("s.yaml", 5, KUBERNETES)],
    ),
    "a Secret on one line of a List": (
        {
            "l.json": '{"items":[\n{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},'
            '"data":{"pin":"{{fake:alnum 12 | base64}}"}}]}'
        },
        [("l.json", 2, KUBERNETES)],
    ),
    "the words of a command": (
        {
            "d.yaml": 'a:\n  command: ["redis-cli", "-a", "Xk29-lmQ7", "ping"]\n'
            "b:\n  command: [mysqladmin, ping, -uroot, -pXk29_lmQ7]\n"
        },
        [("d.yaml", 2, CREDENTIAL), ("d.yaml", 4, CREDENTIAL)],
    ),
    "a patch of any kind": (
        {
            "k.yaml": "spec:\n  patches:\n  - patch: |\n      - op: replace\n"
            "        path: /spec/auth/password\n        value: Xk29-lmQ7\n"
        },
        [("k.yaml", 6, CREDENTIAL)],
    ),
    "variables of a script in a block of Terraform": (
        {"main.tf": "locals {\n  s = <<-EOT\n    export DB_PASSWORD={{fake:alnum 20}}\n  EOT\n}\n"},
        [("main.tf", 3, CREDENTIAL)],
    ),
    "an address": (
        {"c.conf": "url = postgres://shop:{{fake:alnum 16}}@db/shop\n"},
        [("c.conf", 1, "secret/url-credentials")],
    ),
    "UTF-16": (
        {"v.yaml": "a: 1\npassword: hunter2\n".encode("utf-16")},
        [("v.yaml", 2, CREDENTIAL)],
    ),
    "UTF-16 without its mark": (
        {"v.yaml.txt.env": "A=1\nPASSWORD=hunter2\n".encode("utf-16-le")},
        [("v.yaml.txt.env", 2, CREDENTIAL)],
    ),
    "bytes that are no UTF-8": (
        {"v.env": b"A=\xff\xfe\nPASSWORD=hunter2\n"},
        [("v.env", 2, CREDENTIAL)],
    ),
    "a private key in a block": (
        {"v.yaml": "a: 1\nthing: |\n  {{fake:pem-ec}}\n"},
        [("v.yaml", 2, "secret/private-key")],
    ),
    "an encrypted private key weighs less": (
        {"key.pem": "{{fake:pem-encrypted}}"},
        [("key.pem", 1, "secret/encrypted-private-key")],
    ),
    "a state file": (
        {
            "terraform.tfstate": '{"terraform_version": "1.9", "lineage": "x", "resources": [],\n'
            '"outputs": {"x": {"sensitive": true,\n "value": "hunter2"}}}'
        },
        [("terraform.tfstate", 3, CREDENTIAL)],
    ),
}
QUIET: dict[str, dict[str, str | bytes]] = {
    "placeholders": {"s.yaml": SECRET + "  password: CHANGEME\n  token: <token>\n"},
    "settings in a Secret": {
        "s.yaml": SECRET
        + "  a.properties: |\n    # text\n    x.y=1\n    z=STORE_ONE\n  host: db.shop\n"
    },
    "references": {
        "v.yaml": "existingSecret: db-x81kq\npassword: ${DB_PASSWORD}\n"
        "token: {valueFrom: {secretKeyRef: {name: a, key: b}}}\n"
    },
    "names of secrets between colons": {
        "v.yaml": "db: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbC123\n",
        "a.properties": "db.arn=arn:aws:secretsmanager:eu-west-1:1:secret:prod/db-AbC123\n",
    },
    "the choice of an entry": {
        "v.yaml": "token:\n  name: shop\n  key: {{fake:alnum 24}}\n"
        "user:\n  update_password: on_create\n"
    },
    "expressions of Terraform": {
        "main.tf": "password=var.password\ntoken=data.vault_generic_secret.a.data[0]\n"
        "secret=local.s\n"
    },
    "a program behind the manifest in it": {
        "a_test.go": "out := `a: 1\nkind: Secret\ndata:\n  user: c2hvcA==\n`,\n\t\t},\n"
        "\t\tcode: Xk29-lmQ7,\n"
    },
    "commands without a password": {
        "d.yaml": 'command: ["redis-cli", "-a", "$(REDIS_PASSWORD)", "ping"]\n'
        'args: ["mysqladmin", "ping", "-h", "127.0.0.1", "-p"]\n'
    },
    "sentences": {"a.properties": "messages.password.2=One upper case letter\n"},
    "a schema": {"s.json": '{"properties": {"secrets": {"$ref": "#/$defs/SecretsConfig"}}}'},
    "prose": {"s.json": '{"description": "pass: nothing blocks. token: is a word"}'},
    "code": {"a.py": 'password = get_password()\nlabel = "Password:"\ntoken: str = ""\n'},
    "documentation": {"README.md": "Set `password: hunter2` in the values.\n"},
    "digests": {"v.yaml": "image: a@sha256:{{fake:hex 64}}\nchecksum/secret: {{fake:hex 64}}\n"},
    "lock files": {"package-lock.json": '{"token": "{{fake:alnum 40}}"}'},
}


@pytest.mark.parametrize("case", LOUD)
def test_what_is_found(case: str) -> None:
    files, expected = LOUD[case]
    assert [item[:3] for item in found(files)] == expected


@pytest.mark.parametrize("case", QUIET)
def test_what_stays_silent(case: str) -> None:
    assert found(QUIET[case]) == []


def test_how_much_it_weighs() -> None:
    files: dict[str, str | bytes] = {
        "v.yaml": "password: hunter\nadminPassword: {{fake:alnum 24}}\ntoken: {{fake:uuid}}\n"
    }
    assert [item[3] for item in found(files)] == [
        Severity.WARNING,
        Severity.ERROR,
        Severity.WARNING,
    ]


def test_every_file_is_searched_or_skipped() -> None:
    tree = MemoryTree(
        {"a.yaml": "a: 1\n", "b.png": b"\x89PNG\0\0", "c": b"\0GITCRYPT\0abc", "vendor/d": "x"},
        {"link": "a.yaml"},
    )
    result = scan(ScanRequest(Files(tree), ignored=("vendor/**",)))
    assert {(skip.path, skip.reason) for skip in result.skipped} == {
        ("b.png", "binary"),
        ("c", "encrypted"),
        ("vendor/d", "ignored"),
    }
    assert (result.counts.files, result.counts.bytes) == (1, 5)


def test_only_the_files_and_lines_that_count() -> None:
    files: dict[str, str | bytes] = {
        "a.yaml": "password: hunter2\nx: 1\nadminPassword: hunter2\n",
        "b.yaml": "password: hunter2\n",
    }
    assert [item[:2] for item in found(files, paths=frozenset({"b.yaml"}))] == [("b.yaml", 1)]
    assert [item[:2] for item in found(files, lines={"a.yaml": ((2, 3),)})] == [("a.yaml", 3)]


def test_without_the_look_at_lines_nothing_else_is_found() -> None:
    for files, _ in LOUD.values():
        plain = search(files, plain=True).findings
        assert plain == search(files).findings


def test_found_values_are_hidden_unless_they_are_part_of_a_path(tmp_path: object) -> None:
    hidden: list[str] = []
    search(
        {"hunter2/v.yaml": "password: hunter2\nadminPassword: other-Pass1\n"}, hide=hidden.append
    )
    assert hidden == ["other-Pass1"]


def test_a_file_of_git_crypt_in_plain_text() -> None:
    attributes = "secrets/** filter=git-crypt diff=git-crypt\n*.md !filter\n"
    files: dict[str, str | bytes] = {".gitattributes": attributes, "secrets/a.txt": "some text\n"}
    assert [item[2] for item in found(files)] == ["secret/unencrypted-file"]
    committed = MemoryTree({"secrets/a.txt": b"\0GITCRYPT\0abc"})
    result = search(files, committed=committed)
    assert result.findings == ()
    assert [skip.reason for skip in result.skipped] == ["encrypted"]


def test_a_directory_on_disk(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "v.yaml").write_text("password: hunter2\n")
    (tmp_path / "link.yaml").symlink_to("v.yaml")
    result = scan(ScanRequest(Files(DiskTree(tmp_path))))
    assert [finding.location.path for finding in result.findings] == ["v.yaml"]


LARGE = "".join(f"- {{path: /v{number}, port: 80}}\n" for number in range(90_000))
TOO_LARGE = [("v.yaml", "too-large")]


def test_of_a_large_file_the_documents_that_matter_are_parsed() -> None:
    secret = "---\nkind: Secret\ndata: {k: {{fake:alnum 30 | base64}}}\n"
    result = search({"v.yaml": f"kind: Routes\nitems:\n{LARGE}{secret}"})
    assert [finding.rule.id for finding in result.findings] == ["secret/kubernetes-secret"]
    assert result.skipped == ()


def test_one_with_too_much_that_matters_is_searched_line_by_line_and_says_so() -> None:
    result = search({"v.yaml": f"{LARGE}- password: {{{{fake:alnum 30}}}}\n"})
    assert [finding.rule.id for finding in result.findings] == ["secret/credential"]
    assert [(skip.path, skip.reason) for skip in result.skipped] == TOO_LARGE
    harmless = search({"v.yaml": f"{LARGE}- the password of nobody\n"})
    assert (harmless.findings, harmless.skipped) == ((), ())


def test_a_file_that_is_larger_than_what_is_read_is_named() -> None:
    result = search({"v.yaml": b"a" * (MAX_BYTES + 1)})
    assert [(skip.path, skip.reason) for skip in result.skipped] == TOO_LARGE
