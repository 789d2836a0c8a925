"""`.gitops-ci/fetched.lock`: what was fetched, and what it has to be the next time.

A YAML file that this tool alone writes: sorted, without time stamps, each text quoted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from gitops_ci.documents.read import read
from gitops_ci.model.regex import regex
from gitops_ci.render.fetched.addresses import is_commit
from gitops_ci.render.fetched.model import Entry, Key, Kind
from gitops_ci.render.routes import items, text
from gitops_ci.repo.tree import Tree, UnreadableError

PATH = ".gitops-ci/fetched.lock"
_HEAD = (
    "# Written by `gitops-ci charts fetch`: what was fetched, and what it has to be next time.\n"
)
_SHA256 = regex(r"sha256:([0-9a-f]{64})\Z")


class Lock(Struct, frozen=True):
    """The entries by their keys. `faults` says what of the file cannot be understood, with the
    line in front."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def read_lock(tree: Tree) -> Lock:
    """The lock of the tree, empty when there is none."""
    try:
        data = tree.read(PATH)
    except UnreadableError:
        return Lock()
    source = read(PATH, data)
    if source.problems or len(source.documents) > 1:
        return Lock(faults=(f"{PATH} is not a lock file: remove it, and fetch again",))
    value = source.documents[0].value if source.documents else {}
    entries, faults = {}, []
    for number, item in enumerate(items(value, "fetched"), start=1):
        entry = _entry(item)
        if entry is None:
            faults.append(f"{PATH}: entry {number} is incomplete: remove it, and fetch again")
        else:
            entries[entry.key] = entry
    return Lock(entries, tuple(faults))


def write_lock(entries: Iterable[Entry]) -> bytes:
    """The file that holds the entries."""
    lines = [_HEAD, "version: 1\n", "fetched:\n"]
    for entry in sorted(entries):
        fields = {
            "kind": entry.key.kind,
            "source": entry.key.source,
            "name": entry.key.name,
            "version": entry.key.version,
            "commit" if entry.key.kind == Kind.BASE else "resolved": entry.resolved,
            "digest": f"sha256:{entry.sha256}" if entry.sha256 else "",
        }
        written = (f"{name}: {_quoted(value)}" for name, value in fields.items() if value)
        lines.append("  - " + "\n    ".join(written) + "\n")
    return "".join(lines).encode() if len(lines) > 3 else b""


def _quoted(value: str) -> str:
    return value if value in (Kind.BASE, Kind.CHART, Kind.FILE) else json.dumps(value)


def _entry(item: Any) -> Entry | None:
    key = Key(text(item, "kind"), text(item, "source"), text(item, "name"), text(item, "version"))
    match = _SHA256.match(text(item, "digest"))
    digest = match[1] if match else ""
    if not key.source:
        return None
    if key.kind == Kind.BASE and is_commit(text(item, "commit")):
        return Entry(key, text(item, "commit"))
    if key.kind == Kind.CHART and key.name and digest and text(item, "resolved"):
        return Entry(key, text(item, "resolved"), digest)
    if key.kind == Kind.FILE and digest:
        return Entry(key, "", digest)
    return None
