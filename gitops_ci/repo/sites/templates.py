"""Mentions of an image in Helm and Jinja templates. They are no sites: what a template writes is
decided by its values, and its text is not YAML. A bump leaves them alone and says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_ci.model.image import InvalidReferenceError, Version, parse_reference
from gitops_ci.repo.files import Files
from gitops_ci.repo.inventory import Inventory
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.tree import UnreadableError

REASON = "it stands in a template: change the values that it reads, or the template by hand"
_TEXT = re.compile(r"[A-Za-z0-9\[][\w.\-/:@\[\]]*")
_MAX_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Mention:
    """A version of the image that a template spells out, on a line counted from 1."""

    path: str
    line: int
    version: Version


def mentions(files: Files, inventory: Inventory, repository: str) -> Iterator[Mention]:
    """The lines of templates that name the normalised `repository` with a version."""
    word = repository.rpartition("/")[2].encode()
    for path in inventory.of(FileKind.HELM_TEMPLATE, FileKind.TEMPLATE):
        try:
            data = files.tree.read(path)
        except UnreadableError:
            continue
        if len(data) > _MAX_BYTES or word not in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            for version in _versions(line, repository):
                yield Mention(path, number, version)


def _versions(line: str, repository: str) -> Iterator[Version]:
    if repository.rpartition("/")[2] not in line or line.lstrip().startswith("#"):
        return
    for match in _TEXT.finditer(line):
        try:
            reference = parse_reference(match[0])
        except InvalidReferenceError:
            continue
        if reference.repository == repository and str(reference.version):
            yield reference.version
