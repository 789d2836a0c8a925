from __future__ import annotations

import pytest

from gitops_ci.secrets.heads import ALL, NOTHING, judged_part
from gitops_ci.secrets.source_text import SourceText
from tests.unit.secrets.searching import found

EXTERNAL = (
    "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\n"
    "metadata:\n  name: a\nspec:\n  data:\n  - secretKey: token\n"
)


def _judged(text: str) -> str:
    source = SourceText("v.yaml", text.encode())
    first, last = judged_part(source, (0, len(source.data)))
    return text[first : min(last, len(text))]


@pytest.mark.parametrize(
    "head",
    [
        "kind: CustomResourceDefinition\n",
        "# ours\n\napiVersion: v1\nkind: CustomResourceDefinition\r\n",
        "---\napiVersion: v1\nkind: PushSecret\n",
    ],
)
def test_kinds_that_only_refer_to_secrets(head: str) -> None:
    source = SourceText("v.yaml", f"{head}spec:\n  password: x\n".encode())
    assert judged_part(source, (0, len(source.data))) == NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "kind: Deployment\nspec: 1\n",
        "kind: CustomResourceDefinition\nspec: 1\nkind: Secret\n",
        'kind: CustomResourceDefinition\nspec: 1\n"kind": Secret\n',
        "kind: CustomResourceDefinition\n? kind\n: Secret\n",
        "metadata: {}\nkind: CustomResourceDefinition\n",
        "items:\n- kind: CustomResourceDefinition\n",
        'x: "\nkind: CustomResourceDefinition\n"\n',
        "{kind: CustomResourceDefinition}\n",
        "kind: CustomResourceDefinition # or so\n",
    ],
)
def test_everything_counts_where_the_kind_is_not_sure(text: str) -> None:
    source = SourceText("v.yaml", text.encode())
    assert judged_part(source, (0, len(source.data))) == ALL


def test_of_an_external_secret_without_a_template_the_metadata_counts() -> None:
    assert _judged(EXTERNAL) == "metadata:\n  name: a\n"
    assert _judged(EXTERNAL.replace("metadata:\n  name: a\n", "")) == ""
    with_template = f"{EXTERNAL}  target: {{template: {{}}}}\n"
    assert _judged(with_template) == with_template


def test_what_stands_in_metadata_is_found() -> None:
    noted = EXTERNAL.replace("name: a\n", "name: a\n  annotations: {token: {{fake:alnum 24}}}\n")
    assert [item[:2] for item in found({"v.yaml": noted})] == [("v.yaml", 5)]
    assert found({"v.yaml": EXTERNAL}) == []
