from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.secrets.names import Naming, hides_children, is_prose, naming
from gitops_ci.secrets.text_scan import NAME_WORDS
from gitops_ci.secrets.vocabulary import words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("password", Naming.PASSWORD),
        ("adminPassword", Naming.PASSWORD),
        ("POSTGRES_PASSWORD", Naming.PASSWORD),
        ("auth.rootPassword", Naming.PASSWORD),
        ("dbpassword", Naming.PASSWORD),
        ("password1", Naming.PASSWORD),
        ("ansible_ssh_pass", Naming.PASSWORD),
        ("spring.datasource.password.1", Naming.PASSWORD),
        ("spring.datasource[0].password", Naming.PASSWORD),
        ("ses_smtp_password_v4", Naming.PASSWORD),
        ("ldap_default_authtok", Naming.PASSWORD),
        ("requirepass", Naming.PASSWORD),
        ("storepass", Naming.PASSWORD),
        ("update_password", Naming.SECRET),
        ("resetPassword", Naming.SECRET),
        ("token", Naming.SECRET),
        ("unseal_keys_b64", Naming.SECRET),
        ("keys_base64", Naming.NONE),
        ("fernetKey", Naming.SECRET),
        ("certificateKey", Naming.SECRET),
        ("erlangCookie", Naming.SECRET),
        ("joinKey", Naming.SECRET),
        ("replicaSetKey", Naming.SECRET),
        ("adminToken_value", Naming.SECRET),
        ("passwordValue", Naming.PASSWORD),
        ("snmp_community", Naming.SECRET),
        ("fs.s3a.secret.key", Naming.SECRET),
        ("tls.key", Naming.NONE),
        ("api key", Naming.SECRET),
        ("GF_SECURITY_SECRET_KEY", Naming.SECRET),
        ("apiKey", Naming.SECRET),
        ("api-key", Naming.SECRET),
        ("clientSecret", Naming.SECRET),
        ("secret_id", Naming.SECRET),
        ("client-key-data", Naming.SECRET),
        ("existingSecret", Naming.NONE),
        ("secretName", Naming.NONE),
        ("passwordSecretRef", Naming.NONE),
        ("tokenTTL", Naming.NONE),
        ("passwordKey", Naming.NONE),
        ("imagePullSecrets", Naming.NONE),
        ("primaryKeyColumn", Naming.NONE),
        ("cookie", Naming.NONE),
        ("community", Naming.NONE),
        ("keys", Naming.NONE),
        ("value", Naming.NONE),
        ("keyValue", Naming.NONE),
        ("ldap_default_authtok_type", Naming.NONE),
        ("v1", Naming.NONE),
        ("compass", Naming.NONE),
        ("bypass", Naming.NONE),
        ("checksum/secret", Naming.NONE),
        ("", Naming.NONE),
        ("x" * 500, Naming.NONE),
    ],
)
def test_what_a_name_says(name: str, expected: Naming) -> None:
    assert naming(name) is expected


def test_mappings_of_credentials_and_texts_for_people() -> None:
    assert hides_children("secrets")
    assert hides_children("secureJsonData")
    assert not hides_children("imagePullSecrets")
    assert is_prose("description")
    assert not is_prose("password")


@given(
    st.lists(
        st.sampled_from(sorted(words("passwords") | words("secrets") | words("keys"))),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["key", "", "id", "data"]),
    st.sampled_from(["_", "-", "camel"]),
)
def test_every_name_of_a_credential_is_seen_by_the_search_for_words(
    parts: list[str], last: str, style: str
) -> None:
    parts = [*parts, last] if last else parts
    camel = parts[0] + "".join(part.capitalize() for part in parts[1:])
    name = camel if style == "camel" else style.join(parts)
    if naming(name) is not Naming.NONE:
        assert any(word in name.lower() for word in NAME_WORDS)
