from __future__ import annotations

from gitops_ci.render.closure import Closure, walk
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree

KUSTOMIZATION = """\
resources:
  - ../base
  - web.yaml
  - gone.yaml
  - https://example.org/x.yaml
components: [../component]
patches: [{path: patch.yaml}]
transformers: [transformer.yaml]
configMapGenerator:
  - name: x
    files: [key=data.txt, ../../outside.txt]
"""


def _walk(files: dict[str, str]) -> Closure:
    return walk(Files(MemoryTree(files)), "app")


def test_everything_that_a_kustomization_reaches() -> None:
    closure = _walk(
        {
            "app/kustomization.yaml": KUSTOMIZATION,
            "app/web.yaml": "kind: Service\n",
            "app/patch.yaml": "kind: Service\n",
            "app/transformer.yaml": "kind: PatchTransformer\npath: ../../../secret.yaml\n",
            "app/data.txt": "x",
            "base/kustomization.yaml": "resources: [base.yaml, ../app]\n",
            "base/base.yaml": "kind: ConfigMap\n",
            "component/kustomization.yaml": "kind: Component\n",
        }
    )
    assert [source.path for source in closure.kustomizations] == [
        "app/kustomization.yaml",
        "base/kustomization.yaml",
        "component/kustomization.yaml",
    ]
    assert set(closure.files) == {
        "app/web.yaml",
        "app/patch.yaml",
        "app/transformer.yaml",
        "base/base.yaml",
    }
    assert closure.patches == {"app/patch.yaml"}
    assert closure.data == {"app/gone.yaml", "app/data.txt"}
    assert [mention.text for mention in closure.remote] == ["https://example.org/x.yaml"]
    assert {(mention.file, mention.text) for mention in closure.outside} == {
        ("app/kustomization.yaml", "../../outside.txt"),
        ("app/transformer.yaml", "../../../secret.yaml"),
    }
    assert "app/gone.yaml" in closure.used


def test_a_directory_without_a_kustomization_is_empty() -> None:
    closure = _walk({"app/web.yaml": "kind: Service\n"})
    assert (closure.kustomizations, closure.files) == ([], {})
    assert closure.top == "app/kustomization.yaml"


def test_charts_are_there_or_absent() -> None:
    closure = _walk(
        {
            "app/kustomization.yaml": "helmCharts: [{name: here}, {name: there}]\n",
            "app/charts/here/Chart.yaml": "name: here\n",
        }
    )
    assert [mention.text for mention in closure.charts] == ["charts/here"]
    assert [mention.text for mention in closure.absent_charts] == ["charts/there"]
