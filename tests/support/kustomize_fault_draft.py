"""A tree of kustomizations on its way, and what its layers do beside the fault."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

import yaml

Object = dict[str, Any]

COMPONENT = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
TARGET = {"kind": "Deployment", "name": "web"}


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as people do."""


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, "|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


@dataclass
class Fault:
    """A tree with a fault. `marker` is the text that is wrong, `shown` how the output spells it. A
    `missing` fault is a mapping whose key stands on the line with the marker, as a comment, and
    which holds the value `shown`."""

    site: str
    marker: str
    shown: str
    depth: int
    missing: bool = False
    files: dict[str, str] = field(default_factory=dict)
    directory: str = ""

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line, from 1, that hold the marker."""
        places = [
            (path, number)
            for path, text in self.files.items()
            for number, line in enumerate(text.split("\n"), start=1)
            if self.marker in line
        ]
        assert len(places) == 1, (self.site, places)
        return places[0]


def deployment() -> Object:
    """The object that every layer works on."""

    def container(name: str) -> Object:
        return {
            "name": name,
            "image": f"registry.example.com/{name}:v1",
            "args": ["--verbose", f"--name={name}"],
            "env": [{"name": "LEVEL", "value": "info"}, {"name": "MODE", "value": "fast"}],
            "ports": [{"containerPort": 8080, "name": "http"}],
            "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
        }

    pod = {
        "containers": [container("app"), container("sidecar"), container("old")],
        "initContainers": [{"name": "init", "image": "registry.example.com/init:v1"}],
        "nodeSelector": {"disk": "ssd"},
        "volumes": [{"name": "data", "emptyDir": {"medium": "Memory"}}],
    }
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod}
    selector = {"matchLabels": {"app": "web"}}
    metadata = {"name": "web", "annotations": {"note": "text"}, "labels": {"app": "web"}}
    spec = {"replicas": 2, "selector": selector, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def others() -> list[Object]:
    """The other objects of the base."""
    return [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "settings"},
            "data": {"color": "blue", "app.properties": "a=b\nc=d\n"},
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "web"},
            "spec": {"ports": [{"name": "http", "port": 80}], "selector": {"app": "web"}},
        },
        {
            "apiVersion": "example.com/v1",
            "kind": "Widget",
            "metadata": {"name": "big"},
            "spec": {"size": {"width": "1"}, "rows": [{"cells": ["a", "b"]}, {"cells": ["c"]}]},
        },
    ]


def leaves(value: Any, route: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The routes of all scalars of the value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for step, item in items:
        below = (*route, step)
        found.extend(leaves(item, below) if isinstance(item, (dict, list)) else [below])
    return found


_IDENTITY = ("apiVersion", "kind", "name", "replicas", "app", "selector", "image", "old")


def is_free(item: Object, route: tuple[Any, ...]) -> bool:
    """Whether a leaf may hold anything: it is no identity, and no other layer writes it."""
    value: Any = item
    for step in route:
        if isinstance(value, dict) and value.get("name") == "old":
            return False
        value = value[step]
    return not set(route) & set(_IDENTITY) and isinstance(value, str) and "\n" not in value


def with_value(item: Object, route: tuple[Any, ...], value: Any) -> Object:
    """A copy of the item with the value at the route; mappings on the way are made."""
    changed = copy.deepcopy(item)
    parent: Any = changed
    for step in route[:-1]:
        parent = parent.setdefault(step, {}) if isinstance(parent, dict) else parent[step]
    parent[route[-1]] = value
    return changed


@dataclass
class Draft:
    """A tree on its way. `levels` are its kustomizations from the base to the top, `extra` the
    resource files that levels get beside what they have anyway."""

    random: Random
    fault: Fault
    levels: list[Object]
    extra: list[tuple[int, str]] = field(default_factory=list)

    @property
    def files(self) -> dict[str, str]:
        return self.fault.files

    def dump(self, *documents: Any) -> str:
        """YAML in one of several styles, with comments that move lines about."""
        indent = self.random.choice([2, 4])
        dumper = self.random.choice([_Dumper, _Dumper, _Dumper, yaml.SafeDumper])
        texts = []
        for document in documents:
            ordered = self.random.random() < 0.5
            text = yaml.dump(document, Dumper=dumper, sort_keys=ordered, indent=indent)
            texts.append("# a comment\n" * self.random.randrange(3) + text)
        return "---\n".join(texts)

    def level(self) -> tuple[int, Object]:
        """A random kustomization of the tree and its number."""
        number = self.random.randrange(len(self.levels))
        return number, self.levels[number]

    def add(self, number: int, name: str, text: str) -> str:
        """Put a file beside the kustomization of the level; its name there."""
        self.files[f"level{number}/{name}"] = text
        return name

    def some_leaf(self) -> Object:
        """A strategic patch with the marker at some leaf."""
        marker = self.fault.marker
        pod = self.random.choice(
            [
                {"containers": [{"name": "app", "env": [{"name": "LEVEL", "value": marker}]}]},
                {"containers": [{"name": "app", "env": [{"name": "NEW", "value": marker}]}]},
                {"containers": [{"name": "added", "image": "x", "workingDir": marker}]},
                {"containers": [{"name": "sidecar", "args": ["--a", marker]}]},
                {"volumes": [{"name": "data", "emptyDir": {"medium": marker}}]},
                {"nodeSelector": {"$patch": "replace", "zone": marker}},
                {"tolerations": [{"key": "a"}, {"key": marker}]},
            ]
        )
        identity = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}
        return {**identity, "spec": {"template": {"spec": pod}}}

    def operations(self) -> list[Object]:
        """JSON operations, one of which sets the marker."""
        marker = self.fault.marker
        pod = "/spec/template/spec"
        containers = f"{pod}/containers"
        chosen = self.random.choice(
            [
                {"op": "add", "path": "/metadata/annotations/extra", "value": marker},
                {"op": "replace", "path": f"{containers}/0/image", "value": marker},
                {
                    "op": "add",
                    "path": f"{containers}/0",
                    "value": {"name": "first", "image": marker},
                },
                {"op": "add", "path": f"{pod}/initContainers/0/args", "value": ["-v", marker]},
                {
                    "op": "add",
                    "path": f"{containers}/-",
                    "value": {"name": "json", "image": marker},
                },
                {"op": "add", "path": f"{pod}/tolerations", "value": [{"key": marker}]},
            ]
        )
        other = {"op": "add", "path": "/metadata/annotations/json", "value": "other"}
        return self.random.sample([chosen, other], 2)


def noise(draft: Draft, number: int, level: Object) -> None:
    """What a layer does to the same objects beside the fault."""
    random = draft.random
    level |= random.choice([{}, {"namePrefix": f"p{number}-"}, {"nameSuffix": f"-s{number}"}])
    level |= random.choice([{}, {}, {"commonLabels": {f"l{number}": "x"}}])
    level |= random.choice(
        [{}, {}, {"commonAnnotations": {f"a{number}": "x"}}, {"namespace": "north"}]
    )
    inserted = {"name": f"inserted{number}", "image": "x"}
    where = "/spec/template/spec/containers"
    patches = [
        {"patch": json.dumps([{"op": "add", "path": f"{where}/-", "value": inserted}])},
        {"patch": json.dumps([{"op": "add", "path": "/metadata/annotations/n", "value": "x"}])},
    ]
    for patch in random.sample(patches, random.randrange(3)):
        level["patches"].append({**patch, "target": TARGET})
    if random.random() < 0.5:
        added = {"name": f"front{number}", "image": "x"}
        removed = [{"name": "old", "$patch": "delete"}] if random.random() < 0.3 else []
        text = draft.dump(
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "web", "annotations": {f"patched{number}": "x"}},
                "spec": {"template": {"spec": {"containers": [added, *removed]}}},
            }
        )
        level["patches"].append({"path": draft.add(number, "noise.yaml", text)})
