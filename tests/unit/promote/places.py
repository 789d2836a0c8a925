"""Small repositories as promotions see them: in memory, with a history that tests write down."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from gitops_ci.config.load import load
from gitops_ci.promote.history import History, Touch
from gitops_ci.promote.slots import Place
from gitops_ci.promote.state import State
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.steps.bump_observe import observed
from gitops_ci.steps.promote_sight import Sight, sight_of
from gitops_ci.steps.snapshot import take_snapshot

CONFIG = ".gitops-ci.yaml"
THREE = """\
version: 1
layouts: ["apps/{app}/overlays/{env}"]
environments: {dev: {}, staging: {from: [dev]}, prod: {from: [staging]}}
"""

Files = Mapping[str, str]


def sight(files: Files) -> Sight:
    """The sight of `files`, one of which may be the configuration."""
    loaded = load(lambda path: files[path].encode() if path in files else None, "")
    assert not loaded.findings, loaded.findings
    tree = MemoryTree(files)
    return sight_of(observed(tree, loaded.config, take_snapshot(tree, loaded.config)))


def contents(state: State) -> dict[str, str]:
    """The state's contents by what people would call the slots."""
    return {slot.name or f"{slot.file}:{slot.key}": text for slot, text in state.contents.items()}


def history(steps: Sequence[tuple[int, Files]], *, cut: bool = False) -> History:
    """The history in which the files of each step were committed at its time; an empty text
    removes a file. The last step is today's tree."""
    now: dict[str, str] = {}
    blobs: dict[str, bytes] = {}
    touches = []
    for number, (when, files) in enumerate(steps):
        for path, text in files.items():
            blob = hashlib.sha256(text.encode()).hexdigest() if text else ""
            blobs[blob] = text.encode()
            touches.append(Touch(f"c{number}", when, path, blob))
            now[path] = text
    shown = sight({path: text for path, text in now.items() if text})
    return History(shown.survey, touches, lambda ids: {blob: blobs[blob] for blob in ids}, cut=cut)


def place(text: str) -> Place:
    """The place that `ENVIRONMENT/APP[/VARIANT]` spells."""
    return Place(*text.split("/"))
