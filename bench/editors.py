"""The editors that people use for one tag: each takes a wish and gives the file as it is after.

ruamel and PyYAML run in this process; yq and kustomize start once for each file, as they do in a
script. An editor that cannot do it raises.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

from bench.edited import TAG, Wish
from gitops_ci.documents.splice import splice
from gitops_ci.model.image import Version, parse_reference
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.change import Change, plan_file
from gitops_ci.tools.find import find_tool
from gitops_ci.tools.install import go_builder
from gitops_ci.tools.pins import Pin

Editor = Callable[[Wish], bytes]
YQ = Pin("yq", "4.44.6", "", "", "github.com/mikefarah/yq/v4@v{version}", "")


def gitops_ci(wish: Wish) -> bytes:
    """This project, with the proof of every edit."""
    plan = plan_file(wish.source, [Change(wish.site, Version(TAG))])
    if plan.refused:
        raise ValueError(plan.refused[0].reason)
    return splice(wish.source.data, plan.edits)


def pyyaml(wish: Wish) -> bytes:
    """Load and dump, keys in their order."""
    documents = list(yaml.load_all(wish.source.data, yaml.CSafeLoader))
    _put([item for item in documents if item is not None][wish.document], wish.route, wish.value)
    return yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True).encode()


def ruamel(offset: int) -> Editor:
    """The round trip with quotes kept, no line breaks and lists indented by `offset`. Raises
    ImportError where ruamel.yaml is not installed: it belongs to the full tier."""
    from ruamel.yaml import YAML

    def edit(wish: Wish) -> bytes:
        engine = YAML()
        engine.preserve_quotes = True
        engine.width = 2**20
        engine.indent(mapping=2, sequence=offset + 2, offset=offset)
        documents = list(engine.load_all(wish.source.data))
        alive = [item for item in documents if item is not None]
        _put(alive[wish.document], wish.route, wish.value)
        written = io.BytesIO()
        engine.dump_all(documents, written)
        return written.getvalue()

    return edit


def _put(value: object, route: Route, new: str) -> None:
    for step in route[:-1]:
        value = value[step]  # type: ignore[index] # a tree of any shape
    value[route[-1]] = new  # type: ignore[index]


def yq(program: Path) -> Editor:
    """mikefarah's yq, one expression."""

    def edit(wish: Wish) -> bytes:
        steps = "".join(
            f"[{step}]" if isinstance(step, int) else f"[{json.dumps(step)}]" for step in wish.route
        )
        expression = f"(select(di == {wish.document}) | .{steps}) = strenv(NEW)"
        with tempfile.TemporaryDirectory() as name:
            path = Path(name, "file" + Path(wish.source.path).suffix)
            path.write_bytes(wish.source.data)
            _run([program, "-i", expression, path], Path(name), NEW=wish.value)
            return path.read_bytes()

    return edit


def kustomize(program: Path) -> Editor:
    """`kustomize edit set image`, for kustomizations alone."""

    def edit(wish: Wish) -> bytes:
        entries = wish.source.documents[wish.document].value["images"]
        entry = entries[wish.route[1]]
        name = parse_reference(str(entry["name"])).name
        new = f"={entry['newName']}" if "newName" in entry else ""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "kustomization.yaml")
            path.write_bytes(wish.source.data)
            _run([program, "edit", "set", "image", f"{name}{new}:{TAG}"], Path(folder))
            return path.read_bytes()

    return edit


def _run(words: list[str | Path], folder: Path, **environment: str) -> None:
    done = subprocess.run(
        words, cwd=folder, capture_output=True, check=False, env={**os.environ, **environment}
    )
    if done.returncode:
        raise ValueError(done.stderr.decode("utf-8", "replace")[:200])


def find_yq(folder: Path) -> Path | None:
    """mikefarah's yq: built into `folder` by Go unless it is there; None without Go. Other programs
    have the same name, so PATH is not asked."""
    path = folder / YQ.name
    go = shutil.which("go")
    if not path.is_file():
        if go is None:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        go_builder(Path(go))(YQ, folder)
    return path


def find_kustomize() -> Path | None:
    """The pinned kustomize, where the other tools are."""
    return find_tool("kustomize")
