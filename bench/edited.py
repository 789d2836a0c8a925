"""The real files in which one image's tag is changed, and what that should come to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.model.image import Shape, Version, parse_reference
from gitops_ci.model.span import Route
from gitops_ci.repo.disk import DiskTree
from gitops_ci.repo.environments import find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.inventory import take_inventory
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.sites.find import find_sites
from gitops_ci.repo.sites.model import Role, Site, Subject
from gitops_ci.repo.tree import Tree

TAG = "9.8.7"


@dataclass(frozen=True, slots=True)
class Wish:
    """One file, and the site of it whose tag becomes TAG: `value` is the whole new scalar at
    `route` of `document`."""

    source: SourceFile
    site: Site
    document: int
    route: Route
    value: str


def wishes(corpora: Path) -> Iterator[Wish]:
    """One for each file: its first site with a tag and no digest, in a scalar of its own. Images
    inside a text are left out, because only one of the editors reaches them."""
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
            part = site.part(Role.REFERENCE) or site.part(Role.TAG)
            assert part is not None
            value = TAG
            if part.role is Role.REFERENCE:
                value = str(parse_reference(part.text).with_version(Version(TAG)))
            source = files.source(site.path)
            yield Wish(source, site, part.at.document, part.at.route, value)


def _is_simple(site: Site) -> bool:
    part = site.part(Role.REFERENCE) or site.part(Role.TAG)
    return (
        site.subject is Subject.IMAGE
        and site.shape is Shape.TAG
        and not site.refusal
        and part is not None
        and not (part.missing or part.before or part.after or part.at.within)
    )


def _promoted(path: Path) -> Mapping[str, str]:
    """Every file of a recorded promotion, as it was before."""
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {
        f"{record['id']}/{change['path']}": change["before"]
        for record in records
        for change in record["changed"]
    }
