"""The fingerprint of a secret follows its value, not its place; without enough bits, its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.documents.read import read
from gitops_ci.findings.fingerprint import fingerprint
from tests.support.fakes import fill
from tests.unit.secrets.searching import search

VALUE = fill("{{fake:alnum 32}}", "prints")
OTHER = fill("{{fake:alnum 32}}", "other prints")
OBJECT = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData:\n  password: "
FORMS = {
    "values": "db:\n  password: {}\n",
    "object": OBJECT + "{}\n",
    "environment": "env:\n- name: DB_PASSWORD\n  value: {}\n",
    "variables": "export DB_PASSWORD={}\n",
}


def prints(path: str, text: str) -> list[str]:
    source = read("v.yaml", text.encode())
    findings = search({path: text}).findings
    return [fingerprint(finding, {"v.yaml": source}.get) for finding in findings]


@pytest.mark.parametrize("form", FORMS)
@given(above=st.integers(0, 5), indent=st.sampled_from(["", "  "]), name=st.sampled_from("abc"))
def test_it_survives_moves_reindents_and_renames(
    form: str, above: int, indent: str, name: str
) -> None:
    ending = "sh" if form == "variables" else "yaml"
    text = FORMS[form].replace("{}", VALUE)
    known = prints(f"v.{ending}", text)
    assert len(known) == 1
    moved = "# a comment\n" * above
    if form == "values" and indent:
        text = "more:\n" + "".join(f"{indent}{line}\n" for line in text.splitlines())
    assert prints(f"deep/{name}.{ending}", moved + text) == known


@pytest.mark.parametrize("form", FORMS)
def test_it_changes_with_the_value(form: str) -> None:
    ending = "sh" if form == "variables" else "yaml"
    one, other = (
        prints(f"v.{ending}", FORMS[form].replace("{}", value)) for value in (VALUE, OTHER)
    )
    assert one != other


def test_what_can_be_guessed_is_known_by_its_place() -> None:
    one, same, elsewhere = (
        prints(path, f"password: {value}\n")
        for path, value in (("v.yaml", "hunter2"), ("v.yaml", "hunter3"), ("w.yaml", "hunter2"))
    )
    assert one == same != elsewhere
