"""The commands around the check, on small repositories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository
from tests.support.tools import require_tool

FILES = {
    "apps/web/base/kustomization.yaml": "resources: [settings.yaml, secret.yaml]\n",
    "apps/web/base/settings.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  colour: blue
""",
    "apps/web/base/secret.yaml": """\
apiVersion: v1
kind: Secret
metadata:
  name: token
stringData:
  token: not-a-real-token
""",
    "apps/web/overlays/dev/kustomization.yaml": "namePrefix: dev-\nresources: [../../base]\n",
    "apps/web/overlays/prod/kustomization.yaml": """\
namespace: web
resources:
- ../../base
patches:
- patch: |-
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings}
    data:
      colour: green
""",
}
BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndatta: {}\n"


@pytest.fixture
def root(repository: Repository) -> Path:
    repository.commit(FILES)
    return repository.root


class TestRender:
    def test_documents_are_those_of_kustomize(self, root: Path) -> None:
        ended = gitops_ci(root, "render", "apps/web/overlays/prod")
        assert ended.code == 0
        assert ended.out == (
            "apiVersion: v1\ndata:\n  colour: green\nkind: ConfigMap\nmetadata:\n"
            "  name: settings\n  namespace: web\n---\n"
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: token\n  namespace: web\n"
            "stringData:\n  token: not-a-real-token\n"
        )

    def test_secrets_are_masked_where_a_log_keeps_them(self, root: Path) -> None:
        ended = gitops_ci(root, "render", "apps/web/overlays/prod", environ={"GITLAB_CI": "true"})
        assert "not-a-real-token" not in ended.out
        assert "token: '***'" in ended.out

    def test_a_file_is_byte_true_everywhere(self, root: Path, tmp_path: Path) -> None:
        target = tmp_path / "out.yaml"
        words = ["render", "apps/web/overlays/prod", "--output", str(target)]
        ended = gitops_ci(root, *words, environ={"GITLAB_CI": "true"})
        assert (ended.code, ended.out) == (0, "")
        assert "token: not-a-real-token" in target.read_text()

    def test_origins_name_the_line_that_set_each_value(self, root: Path) -> None:
        ended = gitops_ci(root, "render", "--origins", "apps/web/overlays/prod")
        lines = ended.out.splitlines()
        colour = next(line for line in lines if "data.colour" in line)
        assert colour.startswith("apps/web/overlays/prod/kustomization.yaml:10\t")
        assert "apps/web/base/settings.yaml:6" in colour
        assert "not-a-real-token" not in ended.out

    def test_a_bad_root_is_a_finding_not_a_traceback(self, root: Path) -> None:
        (root / "apps/web/base/settings.yaml").unlink()
        ended = gitops_ci(root, "render", "apps/web/overlays/prod")
        assert ended.code == 1
        assert "apps/web/base/kustomization.yaml:1" in ended.err

    @pytest.mark.parametrize("name", ["nowhere", "apps/web/base/settings.yaml#Kustomization/a/b"])
    def test_what_does_not_exist(self, root: Path, name: str) -> None:
        assert gitops_ci(root, "render", name).code == 2


class TestExplain:
    def test_a_rule(self, root: Path) -> None:
        ended = gitops_ci(root, "explain", "schema/unknown-field")
        assert ended.code == 0
        assert ended.out.startswith("schema/unknown-field (error)\n")

    def test_a_near_miss(self, root: Path) -> None:
        ended = gitops_ci(root, "explain", "schema/unknown-fields")
        assert ended.code == 2
        assert "schema/unknown-field" in ended.err

    def test_a_line_reaches_its_overlays(self, root: Path) -> None:
        ended = gitops_ci(root, "explain", "apps/web/base/settings.yaml:6")
        assert ended.code == 0
        assert "apps/web/overlays/dev (dev)\n" in ended.out
        assert 'data.colour = "blue"' in ended.out

    def test_an_overwritten_line_reaches_only_where_it_passes(self, root: Path) -> None:
        ended = gitops_ci(root, "explain", "apps/web/overlays/prod/kustomization.yaml:10")
        assert "apps/web/overlays/prod (prod)" in ended.out
        assert "dev" not in ended.out

    def test_a_line_of_a_chart_reaches_its_releases(self, repository: Repository) -> None:
        require_tool("helm")
        service = (
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: {{ .Values.t }}}\n"
        )
        repository.commit(
            {
                "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
                "c/values.yaml": "t: ClusterIP\n# nothing\n",
                "c/templates/s.yaml": service,
            }
        )
        template = gitops_ci(repository.root, "explain", "c/templates/s.yaml:4")
        assert 'Service a spec.type = "ClusterIP"' in template.out
        value = gitops_ci(repository.root, "explain", "c/values.yaml:2")
        assert value.out.startswith("c\n")
        assert "no rendered value" not in value.out


class TestBaseline:
    def test_create_accepts_and_prune_forgets(self, repository: Repository) -> None:
        repository.commit({"a/x.yaml": BAD})
        assert gitops_ci(repository.root, "check").code == 1
        created = gitops_ci(
            repository.root, "baseline", "create", "--reason", "old", "--owner", "@ops"
        )
        assert created.code == 0
        assert created.out.splitlines() == [".gitops-ci/baseline/a.json"]
        repository.commit()
        assert gitops_ci(repository.root, "check").code == 0
        repository.commit({"a/y.yaml": BAD.replace("name: x", "name: y")})
        assert gitops_ci(repository.root, "check").code == 1
        repository.commit({"a/x.yaml": BAD.replace("datta", "data"), "a/y.yaml": ""})
        assert gitops_ci(repository.root, "baseline", "prune").out == "1 entry removed\n"
        assert not (repository.root / ".gitops-ci/baseline/a.json").exists()


class TestInit:
    def test_writes_what_it_inferred_and_says_why(self, root: Path) -> None:
        ended = gitops_ci(root, "init")
        assert ended.code == 0
        assert "dev: inferred from" in ended.out
        written = (root / ".gitops-ci.yaml").read_text()
        assert "prod: {from: [dev], protected: true}" in written
        assert gitops_ci(root, "check").code == 0

    def test_overwrites_nothing(self, repository: Repository) -> None:
        repository.commit({**FILES, ".gitops-ci.yaml": "version: 1 # mine\n"})
        ended = gitops_ci(repository.root, "init")
        assert ended.code == 0
        assert "left as it is" in ended.out
        assert (repository.root / ".gitops-ci.yaml").read_text() == "version: 1 # mine\n"

    def test_print_writes_nothing(self, root: Path) -> None:
        assert "version: 1" in gitops_ci(root, "init", "--print").out
        assert not (root / ".gitops-ci.yaml").exists()


CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer}}}
"""
WIDGET = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {sise: 1}\n"


class TestSchemas:
    def test_an_added_kind_is_checked(self, repository: Repository, tmp_path: Path) -> None:
        repository.commit({"w.yaml": WIDGET})
        assert gitops_ci(repository.root, "check").code == 0
        crd = tmp_path / "crd.yaml"
        crd.write_text(CRD)
        added = gitops_ci(repository.root, "schemas", "add", str(crd))
        assert added.code == 0, added.err
        ended = gitops_ci(repository.root, "check", "--format", "json")
        assert ended.places("error") == [("w.yaml", 4, "schema/unknown-field")]
        assert "example.com/v1" in gitops_ci(repository.root, "schemas", "list", "widget").out

    def test_a_schema_that_is_none_is_refused(self, repository: Repository, tmp_path: Path) -> None:
        schema = {
            "x-kubernetes-group-version-kind": [
                {"group": "example.com", "version": "v1", "kind": "Widget"}
            ],
            "type": "objekt",
        }
        path = tmp_path / "widget.json"
        path.write_text(json.dumps(schema))
        ended = gitops_ci(repository.root, "schemas", "add", str(path))
        assert ended.code == 2
        assert "objekt" in ended.err

    def test_show(self, root: Path) -> None:
        ended = gitops_ci(root, "schemas", "show", "Deployment", "--field", "spec.strategy")
        assert ended.out.startswith("apps/v1 Deployment\n")
        assert "maxSurge: integer or string" in ended.out

    def test_show_names_a_near_miss(self, root: Path) -> None:
        ended = gitops_ci(root, "schemas", "show", "Deploymnet")
        assert (ended.code, "Deployment" in ended.err) == (2, True)


class TestConfig:
    def test_explain_names_the_winner(self, repository: Repository) -> None:
        repository.commit({".gitops-ci.yaml": "version: 1\nreport: {failOn: warning}\n"})
        ended = gitops_ci(repository.root, "config", "explain", "report.failOn")
        assert ended.out.splitlines()[:2] == [
            'report.failOn = "warning"',
            '  .gitops-ci.yaml:2:10: "warning"  ← wins',
        ]
        environ = {"GITOPS_CI_FAIL_ON": "note"}
        ended = gitops_ci(repository.root, "config", "explain", "report.failOn", environ=environ)
        assert ended.out.startswith('report.failOn = "note"')

    def test_schema_is_json(self, root: Path) -> None:
        assert json.loads(gitops_ci(root, "config", "schema").out)["title"]


def test_rules_list(root: Path) -> None:
    ended = gitops_ci(root, "rules", "list", "yaml/")
    assert "yaml/syntax" in ended.out
    assert "schema/" not in ended.out
    rows = json.loads(gitops_ci(root, "rules", "list", "--format", "json").out)
    assert len(rows) == len({row["id"] for row in rows})
    assert all(row["summary"] for row in rows)


def test_tools_list(root: Path) -> None:
    assert "git " in gitops_ci(root, "tools", "list").out
