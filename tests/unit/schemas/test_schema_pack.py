"""The pack: what it holds, and that it can be made again from its source."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
import zlib
from types import ModuleType

import pytest

from gitops_ci.schemas.gvk import Gvk, gvk
from gitops_ci.schemas.pack import DATA, OBJECT_META, UnknownVersionError, load, references
from tests.support.tools import ROOT, absent

DEPLOYMENT = Gvk("apps", "v1", "Deployment")


def _builder() -> ModuleType:
    path = ROOT / "scripts" / "build_schema_pack.py"
    spec = importlib.util.spec_from_file_location("build_schema_pack", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_bundled_versions() -> None:
    assert load().versions == tuple(f"1.{minor}" for minor in range(28, 38))


@pytest.mark.parametrize("spelling", ["1.33", "v1.33", "1.33.4", "v1.33.0"])
def test_a_version_may_be_written_in_several_ways(spelling: str) -> None:
    assert load().builtins(spelling).version == "1.33"


@pytest.mark.parametrize("spelling", ["1.27", "1.99", "", "2", "latest"])
def test_another_version_is_an_error_that_names_what_is_known(spelling: str) -> None:
    with pytest.raises(UnknownVersionError, match=r"1\.28 to 1\.37"):
        load().builtins(spelling)


@pytest.mark.parametrize(
    ("version", "kind", "there"),
    [
        ("1.37", DEPLOYMENT, True),
        ("1.37", Gvk("rbac.authorization.k8s.io", "v1", "RoleBinding"), True),
        ("1.37", Gvk("rbac", "v1", "RoleBinding"), False),
        ("1.37", Gvk("apps.example.com", "v1", "Deployment"), False),
        ("1.37", Gvk("apps", "v1", "deployment"), False),
        ("1.31", Gvk("flowcontrol.apiserver.k8s.io", "v1beta3", "FlowSchema"), True),
        ("1.32", Gvk("flowcontrol.apiserver.k8s.io", "v1beta3", "FlowSchema"), False),
    ],
)
def test_kinds_have_full_groups_and_exact_names(version: str, kind: Gvk, *, there: bool) -> None:
    assert (kind in load().builtins(version).kinds) is there


def test_a_closure_holds_all_that_it_refers_to() -> None:
    for version in load().versions:
        builtins = load().builtins(version)
        closure = builtins.closure(builtins.kinds[DEPLOYMENT])
        named = {name for schema in closure.definitions.values() for name in references(schema)}
        assert named <= set(closure.definitions)
        assert OBJECT_META in closure.definitions


def test_equal_closures_of_two_versions_have_the_same_key() -> None:
    lease = Gvk("coordination.k8s.io", "v1", "Lease")
    keys = {
        (builtins := load().builtins(version)).closure(builtins.kinds[lease]).key
        for version in ("1.35", "1.36")
    }
    assert len(keys) == 1


def test_what_merging_needs_is_kept_and_prose_is_not() -> None:
    spec = load().builtins("1.37").definition("io.k8s.api.core.v1.PodSpec")
    assert spec is not None
    containers = spec["properties"]["containers"]
    assert containers["x-kubernetes-patch-merge-key"] == "name"
    assert containers["x-kubernetes-list-map-keys"] == ["name"]
    assert "description" not in spec


def test_properties_called_like_keywords_are_kept() -> None:
    name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps"
    schema = load().builtins("1.37").definition(name)
    assert schema is not None
    words = {"description", "properties", "items", "format", "$ref", "x-kubernetes-list-type"}
    assert words <= set(schema["properties"])


@pytest.mark.parametrize(
    ("api_version", "kind", "expected"),
    [
        ("v1", "Pod", Gvk("", "v1", "Pod")),
        ("apps/v1", "Deployment", DEPLOYMENT),
        ("a/b/c", "X", Gvk("a/b", "c", "X")),
    ],
)
def test_an_api_version_is_split_at_its_last_slash(
    api_version: str, kind: str, expected: Gvk
) -> None:
    assert gvk(api_version, kind) == expected
    assert expected.api_version == api_version


def test_the_recorded_checksum_is_that_of_the_pack() -> None:
    record = json.loads((DATA / "sources.json").read_text(encoding="utf-8"))
    payload = zlib.decompress((DATA / "kubernetes.pack").read_bytes())
    assert record["payload_sha256"] == hashlib.sha256(payload).hexdigest()
    assert {source["license"] for source in record["sources"]} == {"Apache-2.0"}


def test_the_pack_can_be_made_again_byte_for_byte() -> None:
    if importlib.util.find_spec("kubernetes_validate") is None:
        absent("kubernetes-validate is not installed")
    builder = _builder()
    payload = builder.build()
    # compared unpacked: another zlib may compress the same bytes differently
    assert payload == zlib.decompress((DATA / "kubernetes.pack").read_bytes())
    assert builder.sources(payload) == (DATA / "sources.json").read_text(encoding="utf-8")
