"""The engine as its callers see it: sharing, layers, ports, and what it leaves to others."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gitops_ci.documents.read import read
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Route
from gitops_ci.render.kustomize.emit import emit
from gitops_ci.render.kustomize.engine import (
    KustomizeEngine,
    KustomizeOptions,
    Layer,
    UnsupportedError,
)
from gitops_ci.render.kustomize.features import FEATURES, SUPPORT
from gitops_ci.render.kustomize.model import ChartRequest, PortError
from gitops_ci.render.kustomize.opaque import PLACEHOLDER
from gitops_ci.render.kustomize.rules import RULES
from gitops_ci.render.objects import RenderedObject, Trace
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  a: b\n"
DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n"
    "    spec:\n      containers:\n      - name: app\n        image: nginx:1\n"
)


def _engine(files: dict[str, str], **options: Any) -> KustomizeEngine:
    return KustomizeEngine(Files(MemoryTree(files)), KustomizeOptions(**options))


def test_overlays_share_a_base_without_changing_it() -> None:
    files = {
        "base/kustomization.yaml": "resources: [d.yaml]\ncommonLabels: {team: shop}\n",
        "base/d.yaml": DEPLOYMENT,
        "one/kustomization.yaml": "resources: [../base]\nnamePrefix: one-\n"
        "labels: [{pairs: {team: one}}]\n",
        "two/kustomization.yaml": "resources: [../base]\nimages: [{name: nginx, newTag: '2'}]\n",
    }
    engine = _engine(files)
    before = engine.build("base").objects[0].value
    kept = copy.deepcopy(before)
    one, two = engine.build("one").objects[0].value, engine.build("two").objects[0].value
    assert before == kept
    assert one["metadata"]["name"] == "one-web"
    assert two["metadata"]["name"] == "web"
    assert engine.build("base").objects[0].value == kept


def test_used_lists_every_file_that_was_read() -> None:
    files = {
        "base/kustomization.yaml": "resources: [d.yaml]\n",
        "base/d.yaml": DEPLOYMENT,
        "over/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n"
        "configMapGenerator: [{name: c, envs: [e.env]}]\n",
        "over/p.yaml": DEPLOYMENT,
        "over/e.env": "A=1\n",
        "over/unused.yaml": CONFIG_MAP,
    }
    engine = _engine(files)
    wanted = set(files) - {"over/unused.yaml"}
    assert engine.build("over").used == wanted
    assert engine.build("over").used == wanted  # the second time the base is already there


@pytest.mark.parametrize(
    ("mode", "failed", "rule"),
    [
        ("auto", False, "kustomize/load-restrictor"),
        ("root-only", True, "kustomize/outside-root"),
        ("none", False, ""),
    ],
)
def test_the_load_restrictor(mode: str, failed: bool, rule: str) -> None:
    files = {"a/kustomization.yaml": "resources:\n- ../c.yaml\n", "c.yaml": CONFIG_MAP}
    built = _engine(files, load_restrictor=mode).build("a")
    assert built.failed is failed
    assert [f.rule.id for f in built.findings] == [rule] * bool(rule)
    assert all(f.location.line == 2 for f in built.findings)


def test_a_patch_that_matches_nothing_is_found_beside_the_objects() -> None:
    kustomization = (
        "resources: [c.yaml]\npatches:\n- target: {kind: Secret}\n"
        """  patch: '[{"op":"remove","path":"/x"}]'\n"""
    )
    built = _engine({"kustomization.yaml": kustomization, "c.yaml": CONFIG_MAP}).build("")
    assert not built.failed
    assert len(built.objects) == 1
    finding = built.findings[0]
    assert (finding.rule.id, finding.severity) == ("kustomize/patch-no-target", Severity.ERROR)
    assert finding.location.line == 3


@pytest.mark.parametrize(
    "entry", ["https://example.org/a.yaml", "github.com/a/b//c?ref=v1", "git@host:a/b"]
)
def test_what_is_remote_is_named_and_left_out(entry: str) -> None:
    built = _engine({"kustomization.yaml": f"resources: ['{entry}']\n"}).build("")
    assert not built.failed
    assert [(s.reason, s.detail) for s in built.skipped] == [("remote-base", entry)]


class _Remote:
    """A RemotePort with one repository."""

    def fetch(self, url: str) -> tuple[Files, str]:
        if "nowhere" in url:
            raise PortError("no such host")
        tree = {"c/kustomization.yaml": "resources: [m.yaml]\n", "c/m.yaml": CONFIG_MAP}
        return Files(MemoryTree(tree)), "c"


def test_a_remote_base_through_the_port() -> None:
    files = {
        "kustomization.yaml": "resources: ['https://example.org/a//c?ref=v1']\nnamePrefix: x-\n"
    }
    built = _engine(files, remote=_Remote()).build("")
    assert [item.ref.name for item in built.objects] == ["x-settings"]
    files = {"kustomization.yaml": "resources: ['https://nowhere.example/a//c']\n"}
    failed = _engine(files, remote=_Remote()).build("")
    assert failed.findings[0].rule.id == "kustomize/missing-resource"


class _Origin:
    def trace(self, route: Route, *, key: bool = False) -> Trace:
        return Trace(Location("charts/web/templates/deployment.yaml"))


class _Helm:
    def render(self, request: ChartRequest) -> tuple[RenderedObject, ...]:
        assert (request.chart["name"], request.location.line) == ("web", 2)
        value = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "made"},
            "data": {"a": "b"},
        }
        return (RenderedObject(value, _Origin()),)


def test_charts_through_the_port() -> None:
    files = {"kustomization.yaml": "helmCharts:\n- name: web\nnamespace: shop\n"}
    built = _engine(files, helm=_Helm()).build("")
    made = built.objects[0]
    assert made.ref.namespace == "shop"
    assert made.origin.trace(("data", "a")).location.path == "charts/web/templates/deployment.yaml"
    assert made.origin.trace(("metadata", "namespace")).location.path == "kustomization.yaml"
    with pytest.raises(UnsupportedError) as error:
        _engine(files).build("")
    assert error.value.feature == "helmCharts"


def test_secrets_of_ksops_keep_their_names_and_keys() -> None:
    files = {
        "kustomization.yaml": "generators: [ksops.yaml]\nnamespace: shop\n",
        "ksops.yaml": "apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata:\n  name: k\n"
        "files: [secret.enc.yaml]\n",
        "secret.enc.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: login\n"
        "data:\n  password: ENC[AES256_GCM,data:abc]\nsops:\n  mac: ENC[x]\n",
    }
    built = _engine(files).build("")
    secret = built.objects[0]
    assert secret.value["data"] == {"password": PLACEHOLDER}
    assert "sops" not in secret.value
    assert (secret.ref.namespace, secret.ref.name) == ("shop", "login")
    assert [s.reason for s in built.skipped] == ["plugin"]
    assert secret.origin.trace(("data", "password")).location.line == 6


FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
spec:
  targetNamespace: shop
  images:
  - name: nginx
    newTag: "9"
"""


def test_a_layer_points_at_the_file_that_its_fields_stand_in() -> None:
    files = {"apps/kustomization.yaml": "resources: [d.yaml]\n", "apps/d.yaml": DEPLOYMENT}
    source = read("clusters/apps.yaml", FLUX.encode())
    fields = {"namespace": "shop", "images": [{"name": "nginx", "newTag": "9"}]}
    routes: dict[str, Route] = {
        "namespace": ("spec", "targetNamespace"),
        "images": ("spec", "images"),
    }
    built = _engine(files).build_layer(Layer("apps", fields, source, 0, routes))
    web = built.objects[0]
    namespace = web.origin.trace(("metadata", "namespace")).location
    image = web.origin.trace(("spec", "template", "spec", "containers", 0, "image")).location
    assert (namespace.path, namespace.line) == ("clusters/apps.yaml", 6)
    assert (image.path, image.line) == ("clusters/apps.yaml", 9)
    assert web.value["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:9"


def test_a_layer_over_a_plain_directory_takes_every_manifest() -> None:
    files = {
        "apps/a.yaml": CONFIG_MAP,
        "apps/deep/b.yml": DEPLOYMENT,
        "apps/kustomized/kustomization.yaml": "resources: [c.yaml]\nnamePrefix: k-\n",
        "apps/kustomized/c.yaml": CONFIG_MAP,
        "apps/kustomized/not-listed.yaml": CONFIG_MAP,
        "apps/readme.txt": "no manifest",
    }
    source = read("clusters/apps.yaml", FLUX.encode())
    built = _engine(files).build_layer(Layer("apps", {"namespace": "shop"}, source))
    assert [item.ref.name for item in built.objects] == ["k-settings", "settings", "web"]


@pytest.mark.parametrize(
    ("files", "feature", "line"),
    [
        ({"kustomization.yaml": "resources: []\nfoo: 1\n"}, "unknown-field", 2),
        ({"kustomization.yaml": "validators:\n- v.yaml\n", "v.yaml": CONFIG_MAP}, "plugins", 1),
        (
            {"kustomization.yaml": "transformers: [t.yaml]\n", "t.yaml": CONFIG_MAP},
            "plugins",
            1,
        ),
        (
            {
                "kustomization.yaml": "resources: [c.yaml]\n",
                "c.yaml": CONFIG_MAP + "  c: !vault x\n",
            },
            "yaml-tags",
            7,
        ),
        (
            {
                "kustomization.yaml": "resources: [c.yaml]\npatches:\n- patch: '[]'\n"
                "  target: {name: '(a+)+'}\n",
                "c.yaml": CONFIG_MAP,
            },
            "patch-targets",
            4,
        ),
        ({"kustomization.yaml": "buildMetadata: [originAnnotations]\n"}, "buildMetadata", 1),
    ],
)
def test_what_only_the_reference_can_tell(files: dict[str, str], feature: str, line: int) -> None:
    with pytest.raises(UnsupportedError) as error:
        _engine(files).build("")
    assert (error.value.feature, error.value.location.line) == (feature, line)
    assert feature in {item.name for item in FEATURES}


def test_the_tables_are_sound() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    assert {feature.support for feature in FEATURES} <= set(SUPPORT)
    assert all(rule.prefix == "kustomize" and rule.summary and rule.rationale for rule in RULES)


@pytest.mark.parametrize("levels", [100, 300, 390])
def test_hostile_nesting_does_not_crash(levels: int) -> None:
    deep = "x: " + "{a: " * levels + "1" + "}" * levels + "\n"
    files = {
        "kustomization.yaml": "resources: [c.yaml]\npatches: [{path: p.yaml}]\n",
        "c.yaml": CONFIG_MAP + deep,
        "p.yaml": CONFIG_MAP + deep.replace("1", "2"),
    }
    outcomes = []
    try:
        built = _engine(files).build("")
        outcomes.append(built.findings[0].rule.id if built.failed else str(len(built.objects)))
    except UnsupportedError as error:
        outcomes.append(error.feature)
    assert outcomes in (["1"], ["depth"], ["yaml/too-deep"])


def test_documents_are_separated() -> None:
    assert emit([{"a": 1}, {"b": [{"c": None}]}]) == "a: 1\n---\nb:\n- c: null\n"
