from __future__ import annotations

from typing import Any

from gitops_ci.diff.compare import compare
from gitops_ci.diff.model import MASK, EnvironmentChange, Kind, Noise
from gitops_ci.model.span import Location, Route
from gitops_ci.render.objects import Rendered, RenderedObject, Root, RootKind, Trace


class Here:
    """An origin that says the same of every value."""

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        return Trace(Location("file.yaml", None, route))


def thing(kind: str, name: str, **fields: Any) -> dict[str, Any]:
    api = "apps/v1" if kind == "Deployment" else "v1"
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, **fields}


def rendered(*values: dict[str, Any], root: str = "prod/eu", environment: str = "prod") -> Rendered:
    objects = tuple(RenderedObject(value, Here()) for value in values)
    return Rendered(Root(root, RootKind.KUSTOMIZE, environment), objects)


def one(changes: tuple[EnvironmentChange, ...]) -> EnvironmentChange:
    (environment,) = changes
    return environment


def test_equal_renderings_have_no_environment() -> None:
    side = rendered(thing("ConfigMap", "a", data={"x": "1"}))
    assert compare([side], [side]) == ()


def test_objects_come_go_and_change() -> None:
    before = rendered(thing("ConfigMap", "a", data={"x": "1"}), thing("Service", "gone"))
    after = rendered(thing("ConfigMap", "a", data={"x": "2"}), thing("Service", "new"))
    found = one(compare([before], [after]))
    assert [(item.kind, item.ref.name) for item in found.objects] == [
        (Kind.CHANGED, "a"),
        (Kind.REMOVED, "gone"),
        (Kind.ADDED, "new"),
    ]
    assert found.objects[0].values[0].source == Location("file.yaml", None, ("data", "x"))


def test_the_same_change_in_several_roots_stands_once() -> None:
    roots = ("prod/eu", "prod/us")
    before = [rendered(thing("ConfigMap", "a", data={"x": "1"}), root=root) for root in roots]
    after = [rendered(thing("ConfigMap", "a", data={"x": "2"}), root=root) for root in roots]
    (change,) = one(compare(before, after)).objects
    assert change.roots == roots


def test_a_renamed_root_is_not_a_new_application() -> None:
    before = rendered(thing("ConfigMap", "a", data={"x": "1"}), root="prod/old")
    after = rendered(thing("ConfigMap", "a", data={"x": "2"}), root="prod/new")
    (change,) = one(compare([before], [after])).objects
    assert change.kind is Kind.CHANGED


def test_another_api_group_is_a_change_of_the_object() -> None:
    before = rendered({**thing("Ingress", "a"), "apiVersion": "extensions/v1beta1"})
    after = rendered({**thing("Ingress", "a"), "apiVersion": "networking.k8s.io/v1"})
    (change,) = one(compare([before], [after])).objects
    assert [value.path for value in change.values] == ["apiVersion"]


def test_a_generated_name_is_folded_where_it_is_used() -> None:
    def side(name: str, colour: str) -> Rendered:
        volume = {"name": "config", "configMap": {"name": name}}
        return rendered(
            thing("ConfigMap", name, data={"colour": colour}),
            thing("Deployment", "web", spec={"volumes": [volume]}),
        )

    found = one(compare([side("app-6ct58987ht", "blue")], [side("app-2f4k8m7h5b", "red")]))
    config, web = found.objects
    assert (config.was, [value.noise for value in config.values]) == (
        "app-6ct58987ht",
        [Noise.GENERATED_NAME, None],
    )
    assert web.is_noise
    assert (found.count(Kind.CHANGED), found.noise) == (1, 1)


def test_checksums_and_chart_labels_are_noise_and_versions_are_not() -> None:
    def side(digest: str, version: str) -> Rendered:
        metadata = {
            "name": "web",
            "annotations": {"checksum/config": digest * 8, "team": version},
            "labels": {"helm.sh/chart": f"web-{version}", "app.kubernetes.io/version": version},
        }
        return rendered({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata})

    (change,) = one(compare([side("ab", "1.0")], [side("cd", "1.1")])).objects
    assert {value.path: value.noise for value in change.values} == {
        'metadata.annotations["checksum/config"]': Noise.CHECKSUM,
        "metadata.annotations.team": None,
        'metadata.labels["helm.sh/chart"]': Noise.CHART_LABEL,
        'metadata.labels["app.kubernetes.io/version"]': None,
    }


def test_what_a_secret_holds_is_never_in_the_result() -> None:
    before = rendered(thing("Secret", "a", data={"x": "b25l", "y": "eQ=="}), thing("Secret", "b"))
    after = rendered(
        thing("Secret", "a", data={"x": "dHdv", "y": "eQ=="}),
        thing("Secret", "b", stringData={"z": "three"}),
        thing("Secret", "c", stringData={"z": "four"}),
    )
    found = one(compare([before], [after]))
    text = repr(found)
    assert not [word for word in ("b25l", "dHdv", "three", "four") if word in text]
    (changed, added, new) = found.objects
    assert [(v.path, v.before, v.after) for v in changed.values] == [("data.x", MASK, MASK)]
    assert added.values[0].after == {"z": MASK}
    assert new.document["stringData"] == {"z": MASK}


def test_environments_stand_in_their_order_and_know_protection() -> None:
    sides = [
        rendered(thing("Service", "a"), root=name, environment=name)
        for name in ("prod", "", "dev", "other")
    ]
    found = compare([], sides, ("dev", "prod"), lambda name: name == "prod")
    assert [(item.name, item.protected) for item in found] == [
        ("dev", False),
        ("prod", True),
        ("other", False),
        ("", False),
    ]
