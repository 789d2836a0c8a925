"""The engine around the cases: roots, versions, caching, what never happens in files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Route, Span
from gitops_ci.render.objects import RenderedObject, Root, RootKind, Trace
from gitops_ci.schemas.crd import crd_set
from gitops_ci.schemas.pack import UnknownVersionError
from gitops_ci.validate.schema import SchemaCheck, Settings
from tests.unit.validate.checking import ROOT, check, line

ROUTE = {"apiVersion": "gateway.example.com/v1", "kind": "Route", "metadata": {"name": "a"}}


class Counting:
    """An origin that counts how often it is asked."""

    def __init__(self, span: Span | None = None, *, exact: bool = True) -> None:
        self.asked: list[Route] = []
        self._span = span
        self._exact = exact

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        self.asked.append(route)
        return Trace(Location("base/app.yaml", self._span, route), exact=self._exact)


def _object(value: dict[str, Any], origin: Counting | None = None) -> RenderedObject:
    return RenderedObject(value, origin or Counting())


def _config_map(**fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, **fields}


def test_a_clean_object_is_never_traced() -> None:
    origin = Counting()
    checker = SchemaCheck((), crd_set())
    good = _config_map(data={"a": "b"}, immutable=None)
    assert list(checker.check([_object(good, origin)], ROOT)) == []
    assert origin.asked == []


def test_a_finding_says_what_where_and_for_whom() -> None:
    value = _config_map(metadata={"name": "a", "namespace": "shop"}, dta={})
    root = Root("apps/prod", RootKind.KUSTOMIZE, "prod", "clusters/p.yaml#Kustomization/f/apps")
    (finding,) = SchemaCheck((), crd_set()).check([_object(value)], root)
    assert (finding.root, finding.environment) == (root.deployer, "prod")
    assert finding.object is not None
    assert str(finding.object) == "ConfigMap shop/a"
    assert finding.location.path == "base/app.yaml"
    assert finding.key == "dta"


def test_the_same_fault_in_many_roots_is_found_in_each() -> None:
    checker = SchemaCheck((), crd_set())
    value = _config_map(dta={})
    roots = [Root(f"overlays/{number}", RootKind.KUSTOMIZE) for number in range(50)]
    findings = [f for root in roots for f in checker.check([_object(value)], root)]
    assert [f.root for f in findings] == [root.name for root in roots]
    assert len({f.message for f in findings}) == 1


@pytest.mark.parametrize(
    ("span", "exact", "fixed"),
    [
        (Span(10, 13, 2, 1, 2, 4), True, True),
        (Span(10, 13, 2, 1, 2, 4), False, False),
        (Span(10, 15, 2, 1, 2, 6), True, False),
        (None, True, False),
    ],
)
def test_a_fix_needs_the_exact_place_of_a_text_of_the_right_length(
    span: Span | None, *, exact: bool, fixed: bool
) -> None:
    value = _config_map(dta={})
    origin = Counting(span, exact=exact)
    (finding,) = SchemaCheck((), crd_set()).check([_object(value, origin)], ROOT)
    assert (finding.fix is not None) is fixed
    if finding.fix:
        (edit,) = finding.fix.edits
        assert (edit.expect, edit.text, finding.fix.safe) == ("dta", "data", True)


def test_kinds_without_a_structure_are_one_finding_each() -> None:
    checker = SchemaCheck((), crd_set(), Settings("warn"))
    roots = [Root(name, RootKind.PLAIN) for name in ("a", "b")]
    for root in roots:
        assert list(checker.check([_object(dict(ROUTE)), _object(dict(ROUTE))], root)) == []
    (finding,) = checker.finish()
    assert "4 objects" in finding.message
    assert finding.severity is Severity.NOTE
    assert len(finding.related) == 1


@pytest.mark.parametrize(("setting", "severities"), [("error", [Severity.ERROR]), ("skip", [])])
def test_missing_schema_is_a_setting(setting: str, severities: list[Severity]) -> None:
    text = json.dumps(ROUTE)
    assert [f.severity for f in check(text, missing_schema=setting)] == severities


def test_a_kind_of_kubernetes_that_does_not_exist_is_an_error_whatever_is_set() -> None:
    text = json.dumps({"apiVersion": "apps/v1", "kind": "Deploymnt", "metadata": {"name": "a"}})
    (finding,) = check(text, missing_schema="skip")
    assert (finding.rule.id, finding.severity) == ("schema/unknown-kind", Severity.ERROR)


def test_the_newest_two_versions_are_the_default() -> None:
    assert SchemaCheck((), crd_set()).catalogue.versions == ("1.36", "1.37")


def test_a_version_that_is_not_bundled_is_an_error() -> None:
    with pytest.raises(UnknownVersionError):
        SchemaCheck(["1.12"], crd_set())


@pytest.mark.parametrize(
    "value",
    [
        {"apiVersion": ["v1"], "kind": {"a": 1}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": []},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": None},
        {"apiVersion": "//", "kind": "/"},
        _config_map(data={"a": float("nan")}),
        _config_map(data={"a": float("inf")}),
        _config_map(data={"a": 2**70}),
        {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": []},
    ],
)
def test_no_object_is_too_odd_for_a_finding(value: dict[str, Any]) -> None:
    checker = SchemaCheck((), crd_set([value]))
    assert [*checker.check([_object(value)], ROOT), *checker.finish()]


def test_an_object_that_is_nested_too_deeply_is_a_finding() -> None:
    inner: Any = "x"
    for _ in range(3_000):
        inner = [inner]
    checker = SchemaCheck((), crd_set())
    assert list(checker.check([_object(_config_map(data=inner, binaryData=None))], ROOT))


def test_values_of_a_secret_stay_out_of_messages() -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "a"},
        "data": {"password": "hunter2!"},
    }
    (finding,) = check(json.dumps(secret))
    assert "hunter2" not in line(finding)


def test_the_value_is_not_changed() -> None:
    value = _config_map(data=None, dta={"a": None})
    before = json.dumps(value)
    list(SchemaCheck((), crd_set()).check([_object(value)], ROOT))
    assert json.dumps(value) == before


def test_a_kind_that_kubernetes_has_wins_over_a_definition() -> None:
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "apps",
            "names": {"kind": "Deployment"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": {"type": "object"}}}],
        },
    }
    value = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spc": {}}
    findings = list(SchemaCheck((), crd_set([crd])).check([_object(value)], ROOT))
    assert [f.rule.id for f in findings] == ["schema/unknown-field"]
