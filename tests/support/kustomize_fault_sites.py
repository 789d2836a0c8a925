"""The places that a wrong value can have in a tree of kustomizations."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.support.kustomize_fault_draft import COMPONENT, TARGET, Draft, Object, others

DIGEST = "sha256:" + "ab" * 29


def base(draft: Draft) -> None:
    pass  # the marker is put into a base object below


def _strategic(draft: Draft) -> None:
    number, level = draft.level()
    path = draft.add(number, "fault.yaml", draft.dump(draft.some_leaf()))
    level["patches"].append({"path": path})


def _strategic_inline(draft: Draft) -> None:
    draft.level()[1]["patches"].append({"patch": draft.dump(draft.some_leaf())})


def _strategic_old(draft: Draft) -> None:
    draft.level()[1].setdefault("patchesStrategicMerge", []).append(draft.dump(draft.some_leaf()))


def _json(draft: Draft) -> None:
    number, level = draft.level()
    text = draft.dump(draft.operations())
    if draft.random.random() < 0.3:
        text = json.dumps(draft.operations(), indent=2)
    path = draft.add(number, "fault-json.yaml", text)
    level["patches"].append({"path": path, "target": TARGET})


def _json_inline(draft: Draft) -> None:
    patch = draft.dump(draft.operations())
    draft.level()[1]["patches"].append({"patch": patch, "target": TARGET})


def _component(draft: Draft) -> None:
    _, level = draft.level()
    draft.files["component/patch.yaml"] = draft.dump(draft.some_leaf())
    component = {**COMPONENT, "patches": [{"path": "patch.yaml"}]}
    draft.files["component/kustomization.yaml"] = draft.dump(component)
    level["components"] = ["../component"]


def _component_resource(draft: Draft) -> None:
    first = {**others()[1], "metadata": {"name": "first-of-component"}}
    wrong = {**others()[0], "metadata": {"name": "of-component"}, "data": {"a": draft.fault.marker}}
    draft.files["component/all.yaml"] = draft.dump(first, wrong)
    component = {**COMPONENT, "resources": ["all.yaml"]}
    draft.files["component/kustomization.yaml"] = draft.dump(component)
    draft.level()[1]["components"] = ["../component"]


def _image(draft: Draft) -> None:
    draft.levels[0].setdefault("images", [])
    entry = {"name": "registry.example.com/app"}
    entry[draft.random.choice(["newTag", "newName"])] = draft.fault.marker
    draft.levels[-1].setdefault("images", []).append(entry)


def _digest(draft: Draft) -> None:
    number = draft.fault.marker.partition("-")[2]
    draft.fault.marker = draft.fault.shown = f"{DIGEST}{number:0>6}"
    entry = {"name": "registry.example.com/init", "digest": draft.fault.marker}
    draft.level()[1].setdefault("images", []).append(entry)


def _replicas(draft: Draft) -> None:
    number = 100_000 + int(draft.fault.marker.partition("-")[2])
    draft.fault.marker = draft.fault.shown = str(number)
    draft.levels[-1]["replicas"] = [{"name": "web", "count": number}]


def _labels(draft: Draft) -> None:
    pairs = {"before": "a", "team": draft.fault.marker, "zone": "b"}
    entry: Object = {"pairs": pairs}
    entry |= draft.random.choice([{}, {"includeSelectors": True}, {"includeTemplates": True}])
    draft.level()[1].setdefault("labels", []).append(entry)


def _common(draft: Draft) -> None:
    name = draft.random.choice(["commonLabels", "commonAnnotations"])
    draft.level()[1].setdefault(name, {}).update({"team": draft.fault.marker})


def _namespace(draft: Draft) -> None:
    for level in draft.levels:
        level.pop("namespace", None)
    draft.level()[1]["namespace"] = draft.fault.marker


def _literal(draft: Draft) -> None:
    number, level = draft.level()
    entry = {"name": "made", "literals": ["before=1", f"wrong={draft.fault.marker}", "after=2"]}
    level["configMapGenerator"] = [entry]
    if number + 1 < len(draft.levels):
        merging = {"name": "made", "behavior": "merge", "literals": ["more=3"]}
        draft.levels[number + 1]["configMapGenerator"] = [merging]


def _merged_literal(draft: Draft) -> None:
    draft.levels[0]["configMapGenerator"] = [{"name": "made", "literals": ["wrong=right"]}]
    behavior = draft.random.choice(["merge", "replace"])
    entry = {"name": "made", "literals": ["a=b", f"wrong={draft.fault.marker}"]}
    if len(draft.levels) > 1:
        draft.levels[-1]["configMapGenerator"] = [{**entry, "behavior": behavior}]
    else:
        draft.levels[0]["configMapGenerator"] = [entry]


def _environment_file(draft: Draft) -> None:
    number, level = draft.level()
    path = draft.add(number, "made.env", f"# comment\nA=1\n\nWRONG={draft.fault.marker}\nB=2\n")
    level["configMapGenerator"] = [{"name": "made", "envs": [path]}]


def _generator_file(draft: Draft) -> None:
    number, level = draft.level()
    path = draft.add(number, "made.txt", f"{draft.fault.marker}\n")
    level["configMapGenerator"] = [{"name": "made", "files": [f"wrong={path}"]}]


def _generator_label(draft: Draft) -> None:
    options = {"labels": {"a": "b", "team": draft.fault.marker}}
    entry = {"name": "made", "literals": ["a=b"], "options": options}
    draft.level()[1]["configMapGenerator"] = [entry]


def _anchor(draft: Draft) -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: anchored\n"
        f"data:\n  one: &it {draft.fault.marker}\n  two: *it\n"
    )
    number, _ = draft.level()
    draft.extra.append((number, draft.add(number, "anchored.yaml", text)))


SITES: dict[str, Callable[[Draft], None]] = {
    "base": base,
    "base in JSON": base,
    "base in a List": base,
    "strategic patch": _strategic,
    "inline strategic patch": _strategic_inline,
    "patchesStrategicMerge": _strategic_old,
    "JSON patch": _json,
    "inline JSON patch": _json_inline,
    "component patch": _component,
    "component resource": _component_resource,
    "images entry": _image,
    "images digest": _digest,
    "replicas entry": _replicas,
    "labels entry": _labels,
    "common field": _common,
    "namespace": _namespace,
    "generator literal": _literal,
    "merged literal": _merged_literal,
    "environment file": _environment_file,
    "generator file": _generator_file,
    "generator label": _generator_label,
    "anchor": _anchor,
}
