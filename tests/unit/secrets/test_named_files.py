from __future__ import annotations

import pytest

from gitops_ci.secrets.named_files import named_file_hits, passwords_in
from gitops_ci.secrets.source_text import SourceText

ROWS = [
    (".pgpass", "# host\ndb:5432:*:shop:Xk29-lmQ7\n", ["Xk29-lmQ7"]),
    ("userlist.txt", '"shop" "Xk29-lmQ7"\n"ops" "SCRAM-SHA-256$4096:x"\n', ["Xk29-lmQ7"]),
    ("sasl_passwd", "[smtp.test]:587 mail@shop.test:Xk29-lmQ7\n# a b:c\n", ["Xk29-lmQ7"]),
    ("turnserver.conf", "realm=shop\nuser=guest:Xk29-lmQ7\n", ["Xk29-lmQ7"]),
    ("kafka_jaas.conf", 'KafkaServer {\n user_ops="Xk29-lmQ7"\n};\n', ["Xk29-lmQ7"]),
    (
        "core-site.xml",
        (
            "<name>fs.s3a.secret.key</name>\n <value>Xk29lm/Q7bw8Rz41</value>\n"
            "<name>fs.s3a.path</name><value>Xk29lm/Q7bw8Rz41</value>"
        ),
        ["Xk29lm/Q7bw8Rz41"],
    ),
    ("chpasswd_list", "root:Xk29-lmQ7\nops:RANDOM\n", ["Xk29-lmQ7"]),
    ("ipsec.secrets", '# a\n1.2.3.4 : PSK "Xk29-lmQ7"\n: RSA key.pem\n', ["Xk29-lmQ7"]),
    ("chap-secrets", '# client server secret IP\nops * "Xk29-lmQ7" *\n', ["Xk29-lmQ7"]),
    (
        "ceph.keyring",
        "[client.a]\n  key = AQBKdFpZ4EPLBhAAoJ6HrLMRGLUE\n",
        ["AQBKdFpZ4EPLBhAAoJ6HrLMRGLUE"],
    ),
    ("other.conf", "db:5432:*:shop:Xk29-lmQ7\nuser=guest:Xk29-lmQ7\n", []),
]


@pytest.mark.parametrize(("name", "text", "values"), ROWS)
def test_files_with_a_form_of_their_own(name: str, text: str, values: list[str]) -> None:
    assert list(passwords_in(name, text)) == values
    hits = list(named_file_hits(SourceText(f"etc/{name}", text.encode())))
    assert [hit.value.reveal() for hit in hits] == values


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('variable "db_password" {\n  default = "Xk29-lmQ7"\n}\n', 1),
        ('variable "db_password" {\n  default = ""\n}\nx {\n  default = "Xk29-lmQ7"\n}\n', 0),
        ('set_sensitive {\n  name  = "auth.password"\n  value = "Xk29-lmQ7"\n}\n', 1),
        ('set {\n  name  = "auth.password"\n  value = var.password\n}\n', 0),
        ('set {\n  name  = "auth.user"\n  value = "Xk29-lmQ7"\n}\n', 0),
    ],
)
def test_the_defaults_of_terraform_variables(text: str, found: int) -> None:
    assert len(list(named_file_hits(SourceText("a.tf", text.encode())))) == found
