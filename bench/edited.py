"""The real files in which one image's tag is changed, and what that should come to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.model.image import Version, parse_reference
from gitops_ci.model.span import Route
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.environments import find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.inventory import take_inventory
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.sites.find import find_sites
from gitops_ci.repo.sites.model import Part, Role, Site
from gitops_ci.repo.tree import Tree

TAG = "9.8.7"
DIGEST = "sha256:" + "5a" * 32


@dataclass(frozen=True, slots=True)
class Wish:
    """One file, and the site of it that goes to `version`: `value` is the whole new scalar at
    `route` of `document`."""

    source: SourceFile
    site: Site
    version: Version
    document: int
    route: Route
    value: str


def wishes(corpora: Path) -> Iterator[Wish]:
    """One for each file: its first site whose version stands in one scalar, with its name or
    without: images with a tag or with tag and digest, charts, artifacts, git refs. What stands
    inside a text is left out, because only one of the editors reaches it."""
    for folder in sorted((corpora / "repos").iterdir()):
        yield from _of_tree(DiskTree(folder))
    yield from _of_tree(MemoryTree(_promoted(corpora / "promotions" / "2023.jsonl")))


def _of_tree(tree: Tree) -> Iterator[Wish]:
    files, config = Files(tree), Config()
    inventory = take_inventory(files, config)
    sites = find_sites(files, inventory, config, find_environments(inventory, config))
    done: set[str] = set()
    for site in sites:
        if site.path not in done and _is_simple(site):
            done.add(site.path)
            part = _main(site)
            assert part is not None
            version = Version(TAG, DIGEST if site.version.digest else "")
            value = _text(part, version)
            source = files.source(site.path)
            yield Wish(source, site, version, part.at.document, part.at.route, value)


def _main(site: Site) -> Part | None:
    return site.part(Role.REFERENCE) or site.part(Role.TAG)


def _text(part: Part, version: Version) -> str:
    new = str(version)
    if part.role is Role.REFERENCE:
        new = str(parse_reference(part.text).with_version(version))
    return part.before + new + part.after


def _is_simple(site: Site) -> bool:
    part = _main(site)
    if part is None or part.missing or part.at.within or site.refusal or site.floating:
        return False
    own = part.role is Role.REFERENCE or not site.version.digest
    return bool(site.version.tag) and own


def _promoted(path: Path) -> Mapping[str, str]:
    """Every file of a recorded promotion, as it was before."""
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {
        f"{record['id']}/{change['path']}": change["before"]
        for record in records
        for change in record["changed"]
    }
