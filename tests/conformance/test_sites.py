"""Sites of real repositories: all of them, nothing else, and each can be changed alone."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import splice
from gitops_ci.model.image import Pin, Shape, Version
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.environments import find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.inventory import take_inventory
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.sites.change import Change, location_of, main_part, plan_file
from gitops_ci.repo.sites.find import find_sites
from gitops_ci.repo.sites.model import Role, Site, Subject
from gitops_ci.repo.sites.text import value_at
from gitops_ci.repo.tree import Tree
from tests.support.tools import require_corpora

RECALL, PRECISION = 0.99, 0.995
LABELS = Path(__file__).parent / "sites" / "labels.tsv"
PROMOTIONS = "promotions"
NEW = Version("9.8.7", "sha256:" + "ab" * 32)

MORE_THAN_VERSIONS = ["p049"]
"""Promotions in which somebody also indented a comment."""

Label = tuple[str, int, str, str, str]
"""Path below the corpora, line, subject, name, version."""


def _labels() -> frozenset[Label]:
    rows = [line.split("\t") for line in LABELS.read_text("utf-8").splitlines()]
    return frozenset(
        (row[0], int(row[1]), row[2], row[3], row[4]) for row in rows if not row[0].startswith("#")
    )


def _folder(path: str) -> str:
    return "/".join(path.split("/")[: 3 if path.startswith("kyverno") else 2])


FOLDERS = tuple(sorted({_folder(row[0]) for row in _labels() if not row[0].startswith(PROMOTIONS)}))


@dataclass(frozen=True)
class Found:
    prefix: str
    source: SourceFile
    site: Site

    @property
    def label(self) -> Label:
        line = location_of(self.source, self.site).line
        site = self.site
        path = f"{self.prefix}{site.path}"
        return path, line, site.subject.value, site.name, str(site.version)


def _in_tree(prefix: str, tree: Tree) -> Iterator[Found]:
    files, config = Files(tree), Config()
    inventory = take_inventory(files, config)
    environments = find_environments(inventory, config)
    for site in find_sites(files, inventory, config, environments):
        if not site.refusal:
            yield Found(prefix, files.source(site.path), site)


@cache
def _found() -> tuple[Found, ...]:
    root = require_corpora()
    found = [item for folder in FOLDERS for item in _in_tree(f"{folder}/", DiskTree(root / folder))]
    return (*found, *_in_tree("", MemoryTree(_promoted(root / PROMOTIONS / "2023.jsonl"))))


def _promoted(path: Path) -> dict[str, str]:
    """Every state of every file that a promotion names, under a path that tells it apart."""
    first: dict[tuple[str, str], str] = {}
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        for name, place, text in _states(record):
            first.setdefault((name, text), f"{PROMOTIONS}/{record['id']}/{place}/{name}")
    return {place: text for (_, text), place in first.items()}


def _states(record: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for change in record["changed"]:
        yield change["path"], "before", change["before"]
        yield change["path"], "after", change["after"]
    for name, text in record["context"].items():
        yield name, "context", text
    history = record.get("history") or []
    for index, entry in enumerate([history] if isinstance(history, dict) else history):
        yield entry["path"], f"history{index}", entry["text"]


@pytest.mark.full
def test_the_labelled_places_are_found_and_no_others() -> None:
    labels, found = _labels(), {item.label for item in _found()}
    right = labels & found
    assert len(labels) >= 1_000
    assert len(right) / len(labels) >= RECALL, sorted(labels - found)
    assert len(right) / len(found) >= PRECISION, sorted(found - labels)


@pytest.mark.full
def test_each_site_can_be_changed_alone_and_nothing_else_changes() -> None:
    faults = [fault for item in _found() for fault in _fault(item)]
    assert faults == []


@pytest.mark.full
def test_promotions_of_the_past_come_out_byte_for_byte() -> None:
    """The versions that people and bots wrote, written to the same places of the file before."""
    lines = require_corpora(PROMOTIONS, "2023.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    changed = [(record["id"], change) for record in records for change in record["changed"]]
    missed = [name for name, change in changed if _replayed(change) != change["after"]]
    assert len(changed) == 100
    assert missed == MORE_THAN_VERSIONS


def _replayed(change: dict[str, str]) -> str:
    path = change["path"]
    before, after = (
        {str(main_part(item.site).at): item for item in _in_tree("", MemoryTree({path: text}))}
        for text in (change["before"], change["after"])
    )
    source = read(path, change["before"].encode())
    changes = [
        Change(item.site, after[at].site.version) for at, item in before.items() if at in after
    ]
    return splice(source.data, plan_file(source, changes).edits).decode()


def _fault(item: Found) -> Iterator[str]:
    """What is wrong with changing one site: nothing, or one sentence."""
    site = item.site
    plan = plan_file(item.source, [Change(site, _wanted(site), Pin.KEEP)])
    where = f"{item.prefix}{site.path}:{location_of(item.source, site).line}"
    if plan.refused or not plan.edits:
        reason = plan.refused[0].reason if plan.refused else "nothing to do"
        if not _is_broken(item.source):
            yield f"{where}: {reason}"
        return
    data = splice(item.source.data, plan.edits)
    lines = _changed_lines(item.source.data.decode(), data.decode())
    if lines > _lines_of(site):
        yield f"{where}: {lines} lines changed"
    now = _alone(item, data)
    if now is None and _alone(item, item.source.data) is None:
        at = main_part(site).at  # what the version is of stands in another file
        now = str(value_at(read(site.path, data), at.document, at.route))
    if now != str(_wanted(site).pinned(site.shape, Pin.KEEP)):
        yield f"{where}: reads as {now}"


def _alone(item: Found, data: bytes) -> str | None:
    """The version that the site has when its file has the bytes `data`."""
    site = item.site
    for found in _in_tree(item.prefix, MemoryTree({site.path: data})):
        if found.site.parts[0].at == site.parts[0].at and found.site.name == site.name:
            return str(found.site.version)
    return None


def _wanted(site: Site) -> Version:
    if site.subject in (Subject.CHART, Subject.GIT) or site.floating:
        return Version(NEW.tag)
    return NEW if site.shape in (Shape.DIGEST, Shape.TAG_DIGEST) else Version(NEW.tag)


def _is_broken(source: SourceFile) -> bool:
    """Files with a key that comes twice are refused, and rightly so."""
    return bool(source.problems)


def _lines_of(site: Site) -> int:
    split = [part for part in site.parts if part.role in (Role.TAG, Role.DIGEST)]
    return max(1, len(split))


def _changed_lines(before: str, after: str) -> int:
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    return sum(
        max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"
    )
