"""Random trees of kustomizations: bases, overlays on overlays, components.

Most of what is drawn builds: a patch names an object that is there, a replacement a field that is.
A tree holds several stacks of layers whose objects have different names, under one root, so that
one process of the reference judges them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.support.kustomize_objects import (
    CONTAINERS,
    GROUPS,
    KEYS,
    LABELS,
    NESTED,
    TEXTS,
    VARIABLES,
    WORKLOADS,
    Object,
    Value,
    containers,
    objects,
    some,
)

_WORDS = ("web", "api", "db")
_WORDS_OF_YAML = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
_COMPONENT = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}


class _Dumper(yaml.SafeDumper):
    """Writes shared values out in full, and quotes what YAML 1.1 and 1.2 read differently."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    plain = value.isalpha() and value.lower() not in [
        "y",
        "n",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
    ]
    style = None if plain else "|" if "\n" in value else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


_Dumper.add_representer(str, _text)


class _PlainDumper(yaml.SafeDumper):
    """Quotes only what PyYAML reads differently, so that the dialects of YAML show."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def dump(*documents: Value, flow: bool = False, plain: bool = False) -> str:
    """The documents as YAML text."""
    dumper = _PlainDumper if plain else _Dumper
    return yaml.dump_all(
        documents, Dumper=dumper, default_flow_style=flow, allow_unicode=True, sort_keys=False
    )


@dataclass
class Stack:
    """One base and what lies on it. `files` are relative to the root of the tree; `made` are the
    objects so far, `generated` the names of generated ConfigMaps and Secrets."""

    folder: str
    names: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)
    made: list[Object] = field(default_factory=list)
    generated: dict[str, str] = field(default_factory=dict)
    top: str = ""

    def identities(self, *kinds: str) -> list[Object]:
        """The objects of these kinds, all without any."""
        return [item for item in self.made if not kinds or item["kind"] in kinds]


def _identity(item: Object) -> Object:
    metadata = {"name": item["metadata"]["name"]}
    return {"apiVersion": item["apiVersion"], "kind": item["kind"], "metadata": metadata}


@st.composite
def _pod_changes(draw: st.DrawFn, names: tuple[str, ...]) -> Object:
    changed = []
    for name in draw(st.lists(st.sampled_from(CONTAINERS), max_size=2, unique=True)):
        change = draw(st.sampled_from(["merge", "merge", "env", "delete", "null"]))
        if change == "merge":
            changed.append(draw(containers(name, names)))
        elif change == "env":
            variable = draw(st.sampled_from(VARIABLES))
            directive = draw(st.sampled_from([{}, {"$patch": "delete"}]))
            entry = {"name": variable, **(directive or {"value": draw(TEXTS)})}
            changed.append({"name": name, "env": [entry]})
        elif change == "delete":
            changed.append({"name": name, "$patch": "delete"})
        else:
            nothing = draw(st.sampled_from(["args", "env", "resources", "ports"]))
            changed.append({"name": name, nothing: None})
    spec = some(
        draw,
        tolerations=st.just([{"key": "b", "operator": "Exists"}]),
        nodeSelector=st.sampled_from([None, {"disk": "hdd"}, {"$patch": "replace", "a": "b"}]),
        volumes=st.just([{"name": "data", "emptyDir": {}, "configMap": None}]),
        dnsPolicy=TEXTS,
    )
    if changed:
        spec["containers"] = changed
    return {"template": {"spec": spec}}


@st.composite
def strategic_patches(draw: st.DrawFn, item: Object, names: tuple[str, ...]) -> Object:
    """A strategic merge patch for the object."""
    patch = _identity(item)
    patch["metadata"] |= some(draw, labels=LABELS, annotations=LABELS)
    kind = item["kind"]
    if kind in WORKLOADS:
        spec = draw(_pod_changes(names))
        spec |= some(draw, replicas=st.sampled_from([None, 1, 7]))
        patch["spec"] = spec
    elif kind in ("ConfigMap", "Secret"):
        field_name = "data" if kind == "ConfigMap" else "stringData"
        patch[field_name] = draw(st.dictionaries(KEYS, TEXTS | st.none(), max_size=3))
    elif kind == "Widget":
        patch["metadata"] |= some(draw, finalizers=st.just(["a.example.com/x"]))
        patch["spec"] = draw(st.dictionaries(KEYS, NESTED, max_size=2))
    elif kind == "Service":
        patch["spec"] = {"ports": [{"port": 80, "targetPort": draw(st.integers(1, 9))}]}
    return patch


@st.composite
def json_patches(draw: st.DrawFn, item: Object) -> list[Object]:
    """JSON 6902 operations that are likely to fit the object."""
    operations: list[Object] = [
        {"op": "add", "path": "/metadata/annotations/json~1x", "value": draw(TEXTS)}
    ]
    kind = item["kind"]
    if kind in WORKLOADS and draw(st.booleans()):
        path = "/spec/template/spec/containers/0"
        operations.append({"op": "replace", "path": f"{path}/image", "value": "patched:v1"})
        extra = {"name": "extra", "image": "extra"}
        at = draw(st.sampled_from(["-", "0"]))
        operations.append(
            {"op": "add", "path": f"/spec/template/spec/containers/{at}", "value": extra}
        )
    if kind == "Widget":
        key = draw(KEYS)
        operations.append({"op": "add", "path": f"/spec/{key}", "value": draw(NESTED)})
        if draw(st.booleans()):
            operations.append({"op": "copy", "from": f"/spec/{key}", "path": "/spec/copied"})
    if kind == "ConfigMap" and item.get("data"):
        key = draw(st.sampled_from(sorted(item["data"])))
        operations.append({"op": "add", "path": f"/data/{key}", "value": draw(TEXTS)})
    return operations


@st.composite
def _selectors(draw: st.DrawFn, item: Object) -> Object:
    kind = item["kind"]
    return draw(
        st.sampled_from(
            [
                {"kind": kind},
                {"kind": kind, "name": ".*[0-9]"},
                {"kind": f"{kind[:3]}.*", "labelSelector": "app in (web, blue)"},
                {"kind": kind, "annotationSelector": "!team"},
                {"group": item["apiVersion"].rpartition("/")[0], "kind": kind},
                {"kind": kind, "namespace": "north"},
            ]
        )
    )


@st.composite
def _patch_entries(draw: st.DrawFn, stack: Stack, folder: str) -> list[Object]:
    entries: list[Object] = []
    for index in range(draw(st.integers(0, 2))):
        if not stack.made:
            break
        item = draw(st.sampled_from(stack.made))
        target: Object = {"kind": item["kind"], "name": item["metadata"]["name"]}
        form = draw(st.sampled_from(["file", "inline", "json", "target"]))
        if form == "json":
            text, entry = dump(draw(json_patches(item))), {"target": target}
        else:
            text, entry = dump(draw(strategic_patches(item, stack.names))), {}
            if form == "target":
                entry = {"target": draw(_selectors(item))}
        if form == "file":
            path = f"patch-{index}.yaml"
            stack.files[f"{folder}/{path}"] = text
            entry["path"] = path
        else:
            entry["patch"] = text
        entries.append(entry)
    return entries


@st.composite
def _generators(draw: st.DrawFn, stack: Stack, folder: str, kind: str) -> list[Object]:
    entries: list[Object] = []
    literals = st.lists(
        st.tuples(KEYS, TEXTS).map("=".join), max_size=3, unique_by=lambda text: text.split("=")[0]
    )
    for index in range(draw(st.integers(0, 1))):
        merged = sorted(name for name, known in stack.generated.items() if known == kind)
        if merged and draw(st.booleans()):
            name, behavior = (
                draw(st.sampled_from(merged)),
                draw(st.sampled_from(["merge", "replace"])),
            )
        else:
            name, behavior = f"{stack.names[0]}-{kind[0]}-{folder.replace('/', '-')}", ""
            stack.generated[name] = kind
        entry: Object = {"name": name, "literals": draw(literals)}
        if behavior:
            entry["behavior"] = behavior
        if draw(st.booleans()):
            path = f"{kind}-{index}.txt"
            stack.files[f"{folder}/{path}"] = draw(TEXTS)
            entry["files"] = [f"file-{index}={path}"]
        options = some(draw, labels=LABELS, disableNameSuffixHash=st.booleans())
        if options:
            entry["options"] = options
        entries.append(entry)
    return entries


@st.composite
def _replacements(draw: st.DrawFn, stack: Stack) -> list[Object]:
    sources, targets = stack.identities("ConfigMap"), stack.identities(*WORKLOADS)
    if not sources or not targets or draw(st.integers(0, 3)):
        return []
    source, target = draw(st.sampled_from(sources)), draw(st.sampled_from(targets))
    path = draw(
        st.sampled_from(
            [
                "spec.template.spec.containers.*.image",
                "metadata.annotations.replaced",
                "spec.template.spec.containers.[name=app].env.[name=A].value",
                "spec.template.metadata.labels.replaced",
            ]
        )
    )
    select = {"kind": target["kind"], "name": target["metadata"]["name"]}
    options = {"create": True} if "*" not in path else {}
    return [
        {
            "source": {"kind": "ConfigMap", "name": source["metadata"]["name"]},
            "targets": [{"select": select, "fieldPaths": [path], "options": options}],
        }
    ]


@st.composite
def _transformers(draw: st.DrawFn, stack: Stack) -> Object:
    image = st.fixed_dictionaries(
        {"name": st.sampled_from(["nginx", "mirror/nginx", "registry.example.com:5000/app"])},
        optional={
            "newTag": st.sampled_from(["1.26", "v2", "2@sha256:" + "2" * 64]),
            "newName": st.sampled_from(["mirror/nginx", "quay.example.com:443/x"]),
            "digest": st.just("sha256:" + "3" * 64),
        },
    )
    label = st.fixed_dictionaries(
        {"pairs": LABELS.filter(bool)},
        optional={"includeSelectors": st.booleans(), "includeTemplates": st.booleans()},
    )
    scaled = sorted(
        {item["metadata"]["name"] for item in stack.identities("Deployment", "StatefulSet")}
    )
    result = some(
        draw,
        namePrefix=st.sampled_from(["dev-", "x"]),
        nameSuffix=st.sampled_from(["-v2", "x"]),
        labels=st.lists(label, max_size=2),
        commonAnnotations=LABELS,
        images=st.lists(image, max_size=2),
    )
    result |= draw(st.sampled_from([{}, {}, {"namespace": "north"}, {"commonLabels": {"c": "d"}}]))
    if scaled and draw(st.booleans()):
        count = draw(st.integers(0, 5))
        result["replicas"] = [{"name": draw(st.sampled_from(scaled)), "count": count}]
    return result


@st.composite
def _layer(draw: st.DrawFn, stack: Stack, folder: str, kustomization: Object) -> None:
    own = f"{stack.names[0]}-{folder.replace('/', '-')}"
    if draw(st.booleans()):
        kind = draw(st.sampled_from(sorted(GROUPS)))
        item = draw(objects(kind, own, stack.names))
        stack.files[f"{folder}/own.yaml"] = dump(
            item, flow=draw(st.booleans()), plain=draw(st.booleans())
        )
        kustomization.setdefault("resources", []).append("own.yaml")
        stack.made.append(item)
    for field_name, kind in (("configMapGenerator", "config"), ("secretGenerator", "secret")):
        entries = draw(_generators(stack, folder, kind))
        if entries:
            kustomization[field_name] = entries
    kustomization |= draw(_transformers(stack))
    for field_name, strategy in (
        ("patches", _patch_entries(stack, folder)),
        ("replacements", _replacements(stack)),
    ):
        if entries := draw(strategy):
            kustomization[field_name] = entries
    if kustomization.keys() <= _COMPONENT.keys():
        kustomization["commonAnnotations"] = {"layer": "asks for something"}
    stack.files[f"{folder}/kustomization.yaml"] = dump(kustomization)


@st.composite
def stacks(draw: st.DrawFn, number: int) -> Stack:
    """A base with some objects, and up to three layers and components on it."""
    names = tuple(f"{word}{number}" for word in _WORDS)
    stack = Stack(f"s{number}", names)
    base = f"{stack.folder}/base"
    chosen = draw(
        st.lists(
            st.tuples(st.sampled_from(sorted(GROUPS)), st.sampled_from(names)),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    stack.made = [draw(objects(kind, name, names)) for kind, name in chosen]
    stack.files[f"{base}/all.yaml"] = dump(*stack.made, plain=draw(st.booleans()))
    draw(_layer(stack, base, {"resources": ["all.yaml"]}))
    stack.top = base
    for level in range(draw(st.integers(0, 3))):
        below = stack.top.rpartition("/")[2]
        kustomization: Object = {"resources": [f"../{below}"]}
        if draw(st.booleans()):
            component = f"{stack.folder}/component{level}"
            draw(_layer(stack, component, dict(_COMPONENT)))
            kustomization["components"] = [f"../component{level}"]
        stack.top = f"{stack.folder}/overlay{level}"
        draw(_layer(stack, stack.top, kustomization))
    return stack


@st.composite
def trees(draw: st.DrawFn, size: int = 4) -> tuple[dict[str, str], tuple[str, ...]]:
    """The files of a tree, and the directories at the top of its stacks. The root builds them
    all."""
    drawn = [draw(stacks(number)) for number in range(draw(st.integers(1, size)))]
    tops = tuple(stack.top for stack in drawn)
    root: Object = {"resources": list(tops)}
    order = draw(st.sampled_from(["", "fifo", "legacy"]))
    if order:
        root["sortOptions"] = {"order": order}
    files = {path: text for stack in drawn for path, text in stack.files.items()}
    return {**files, "kustomization.yaml": dump(root)}, tops
