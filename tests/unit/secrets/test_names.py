from __future__ import annotations

import pytest

from gitops_ci.secrets.names import Naming, hides_children, is_prose, naming


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
        ("token", Naming.SECRET),
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
