"""Definitions from several sources."""

from __future__ import annotations

from typing import Any

from gitops_ci.schemas.crd import CustomKind, Source, crd_set, is_crd, read_crd
from gitops_ci.schemas.gvk import Gvk

TREE = Gvk("example.com", "v1", "Tree")


def _crd(schema: dict[str, Any] | None, **version: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": "v1", "served": True, "storage": True, **version}
    if schema is not None:
        entry["schema"] = {"openAPIV3Schema": schema}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "trees.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Tree", "plural": "trees"},
            "scope": "Cluster",
            "versions": [entry],
        },
    }


def test_the_better_source_wins_and_then_the_first() -> None:
    one, two, three, four = ({"title": str(number)} for number in range(4))
    added = CustomKind(TREE, three, source=Source.ADDED)
    board = {tuple(TREE): four}
    every = crd_set([_crd(one), _crd(two)], [_crd(two)], [added], board)  # type: ignore[arg-type]  # a Gvk is such a tuple
    assert (kind := every.get(TREE)) is not None
    assert kind.schema is one
    rendered = crd_set([], [_crd(two)], [added])
    assert (kind := rendered.get(TREE)) is not None
    assert (kind.schema, kind.source) == (two, Source.RENDERED)
    only_board = crd_set(board={("example.com", "v1", "Tree"): four})
    assert (kind := only_board.get(TREE)) is not None
    assert (kind.schema, kind.source) == (four, Source.BOARD)
    assert list(only_board.known()) == only_board.served() == [TREE]
    assert crd_set().get(TREE) is None


def test_what_a_version_says_about_itself() -> None:
    (kind,) = read_crd(_crd({}, served=False, deprecated=True, deprecationWarning="use v2")).kinds
    assert (kind.served, kind.deprecated, kind.namespaced, kind.prune) == (
        False,
        "use v2",
        False,
        True,
    )
    assert crd_set([_crd({}, served=False)]).served() == []


def test_the_old_form_keeps_unknown_fields_unless_it_says_otherwise() -> None:
    old = {
        "apiVersion": "apiextensions.k8s.io/v1beta1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com",
            "version": "v1",
            "names": {"kind": "Tree"},
            "validation": {"openAPIV3Schema": {"type": "object"}},
        },
    }
    (kind,) = read_crd(old).kinds
    assert (kind.gvk, kind.schema, kind.prune) == (TREE, {"type": "object"}, False)
    strict = {**old, "spec": {**old["spec"], "preserveUnknownFields": False}}  # type: ignore[dict-item]  # the literal above is a mapping
    assert read_crd(strict).kinds[0].prune
    assert read_crd(old).faults == ()


def test_hostile_definitions_define_nothing() -> None:
    base = _crd({})
    for broken in (
        {**base, "spec": None},
        {**base, "spec": []},
        {**base, "spec": {**base["spec"], "names": "x"}},
        {**base, "spec": {**base["spec"], "group": 3}},
        {**base, "spec": {**base["spec"], "versions": [None, 3, {"name": 1}]}},
    ):
        assert is_crd(broken)
        assert read_crd(broken).kinds == ()


def test_other_manifests_are_passed_over() -> None:
    assert not is_crd({"kind": "CustomResourceDefinition"})
    assert not is_crd({"apiVersion": "x/v1", "kind": "CustomResourceDefinition"})
    assert not crd_set([{"apiVersion": "v1", "kind": "Pod"}]).kinds
