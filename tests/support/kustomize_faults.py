"""Trees of kustomizations with one wrong value each, whose place is known.

A fault is a value that stands on exactly one line of the tree, so that the line which has to be
named is found by searching the text, not by asking the code under test. Around it every layer does
other things to the same objects: it renames, inserts and removes list items, adds labels.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.support.kustomize_fault_draft import (
    Draft,
    Fault,
    deployment,
    is_free,
    leaves,
    noise,
    others,
    with_value,
)
from tests.support.kustomize_fault_sites import SITES, base


def plant(random: Random, number: int) -> Fault:
    """A tree of depth 1 to 5 with the fault `fault-<number>`. The SITES take turns."""
    marker = f"fault-{number:05d}"
    site = sorted(SITES)[number % len(SITES)]
    fault = Fault(site, marker, marker, random.randrange(1, 6))
    draft = _layers(random, fault)
    SITES[site](draft)
    _write_base(draft)
    _finish(draft)
    for path in random.sample(sorted(fault.files), 2):
        fault.files[path] = fault.files[path].replace("\n", "\r\n")
    return fault


def plant_gap(random: Random, number: int) -> Fault:
    """A tree in which a mapping lacks a field: it holds only a value of its own, and its key
    stands on the line with the marker."""
    value, marker = f"only-{number:05d}", f"gap-{number:05d}"
    fault = Fault("gap", marker, value, random.randrange(1, 6), missing=True)
    draft = _layers(random, fault)
    _write_base(draft)
    where = random.choice(["base", "patch", "inline"])
    text = _object_with_gap(random, value, marker, is_patch=where != "base")
    index, level = draft.level()
    if where == "base":
        draft.extra.append((index, draft.add(index, "gap.yaml", text)))
    elif where == "patch":
        level["patches"].append({"path": draft.add(index, "gap.yaml", text)})
    _finish(draft)
    if where == "inline":
        path = f"level{index}/kustomization.yaml"
        fault.files[path] = _with_inline_patch(fault.files[path], text)
    return fault


def _layers(random: Random, fault: Fault) -> Draft:
    draft = Draft(random, fault, [{"patches": []} for _ in range(fault.depth)])
    for index, level in enumerate(draft.levels):
        noise(draft, index, level)
        if index:
            level["resources"] = [f"../level{index - 1}"]
    return draft


def _write_base(draft: Draft) -> None:
    """The base's objects in one or more files; for a fault of the base, with the marker."""
    items = [deployment(), *others()]
    if SITES.get(draft.fault.site) is base:
        index = draft.random.randrange(len(items))
        free = [route for route in leaves(items[index]) if is_free(items[index], route)]
        place: tuple[Any, ...] = draft.random.choice(free or [("metadata", "annotations", "a")])
        items[index] = with_value(items[index], place, draft.fault.marker)
    if draft.fault.site == "base in JSON":
        texts = {f"{n}.json": json.dumps(item, indent=2) for n, item in enumerate(items)}
    elif draft.fault.site == "base in a List":
        document = {"apiVersion": "v1", "kind": "List", "items": items}
        texts = {"list.yaml": draft.dump(document)}
    else:
        split = draft.random.randrange(1, len(items))
        texts = {
            "first.yaml": draft.dump(*items[:split]),
            "second.yaml": draft.dump(*items[split:]),
        }
    draft.levels[0]["resources"] = [draft.add(0, name, text) for name, text in texts.items()]


def _finish(draft: Draft) -> None:
    """Write the kustomization of every level."""
    for index, path in draft.extra:
        draft.levels[index]["resources"].append(path)
    for index, level in enumerate(draft.levels):
        if not level["patches"]:
            del level["patches"]
        draft.add(index, "kustomization.yaml", draft.dump(level))
    draft.fault.directory = f"level{draft.fault.depth - 1}"


def _object_with_gap(random: Random, value: str, marker: str, *, is_patch: bool) -> str:
    container = f"containers:\n      - name: gap\n        lifecycle: # {marker}\n"
    volume = f"volumes:\n      - name: gap\n        secret: # {marker}\n"
    inside = random.choice(
        [
            f"{container}          preStop: {value}\n",
            f"{volume}          name: {value}\n",
            f"securityContext: # {marker}\n        seLinuxOptions: {value}\n",
        ]
    )
    kind, name = ("Deployment", "web") if is_patch else ("StatefulSet", "gap")
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\n"
        f"spec:\n  template:\n    spec:\n      {inside}"
    )


def _with_inline_patch(kustomization: str, patch: str) -> str:
    block = "".join(f"    {line}\n" for line in patch.splitlines())
    entry = f"- patch: |\n{block}"
    before, found, after = f"\n{kustomization}".partition("\npatches:\n")
    if not found:
        return f"{kustomization}patches:\n{entry}"
    return f"{before}{found}{entry}{after}".removeprefix("\n")
