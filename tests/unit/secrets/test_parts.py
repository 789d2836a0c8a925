from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.documents.read import read
from gitops_ci.secrets.parts import parts_of, with_only
from gitops_ci.secrets.source_text import SourceText
from tests.secrets.matrix import positive
from tests.secrets.test_matrix import filled
from tests.unit.secrets.searching import found

PIECES = st.sampled_from(
    [
        "---\n",
        "a: 1\n",
        "# only words\n",
        "%YAML 1.1\n---\n",
        "...\n",
        "\n",
        "b: |\n  ---\n  x\n",
        "--- c\n",
    ]
)


def test_the_documents_of_a_file() -> None:
    text = "a: 1\n---\nb: |\n  ---\n  x\n--- # c\nd: 1\n---x: no\n"
    source = SourceText("v.yaml", text.encode())
    assert [text[start:end] for start, end in parts_of(source)] == [
        "a: 1\n",
        "---\nb: |\n  ---\n  x\n",
        "--- # c\nd: 1\n---x: no\n",
    ]
    assert parts_of(SourceText("v.json", b"1\n---\n2")) == [(0, 7)]


@given(st.lists(PIECES, max_size=8), st.integers(0, 8))
def test_places_and_counts_stay_when_documents_are_left_out(pieces: list[str], number: int) -> None:
    source = SourceText("v.yaml", "".join(pieces).encode())
    parts = parts_of(source)
    kept = parts[number % len(parts)]
    whole = read("v.yaml", source.data)
    reduced = read("v.yaml", with_only(source, [kept]))
    assert len(reduced.data) == len(source.data)
    if whole.broken:
        return
    assert len(reduced.documents) == len(whole.documents)
    for before, after in zip(whole.documents, reduced.documents, strict=True):
        assert after == before or after.value == 0


@pytest.mark.parametrize("around", ["x: 1\n", "# nothing\n", "y:\n  - z\n"])
def test_what_is_found_does_not_depend_on_the_documents_around(around: str) -> None:
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  p: {{fake:alnum 20}}\n"
    )
    assert found({"v.yaml": f"{around}---\n{secret}---\n{around}"}) == [
        (path, line + 2 + around.count("\n") - 1, rule, severity)
        for path, line, rule, severity in found({"v.yaml": secret})
    ]


@pytest.mark.full
def test_no_case_is_found_only_when_every_document_is_walked() -> None:
    for case in map(filled, positive()):
        files: dict[str, str | bytes] = dict(case.files)
        assert found(files) == found(files, gated=False), case.name
