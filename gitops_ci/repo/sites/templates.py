"""Places in Helm and Jinja templates that spell an image out. They are left alone: what a template
writes is decided by its values and branches, and its text is not YAML."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gitops_ci.model.image import InvalidReferenceError, Version, parse_reference
from gitops_ci.model.regex import regex
from gitops_ci.repo.files import Files
from gitops_ci.repo.inventory import Inventory
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.repo.tree import UnreadableError

KIND = "template"
REASON = "it stands in a template: change the values that it reads, or the template by hand"
_ENDINGS = (".j2", ".jinja", ".jinja2", ".gotmpl", ".tmpl", ".tpl")
_TEXT = regex(r"[A-Za-z0-9\[][\w.\-/:@\[\]]*")
_MAX_BYTES = 2**20


class Mention(Struct, frozen=True):
    """A site that stands in a template, on a line counted from 1. It has no parts: nobody writes
    there. Its version is empty where the template fills it in."""

    site: Site
    line: int


def mentions(files: Files, inventory: Inventory, repository: str) -> Iterator[Mention]:
    """The lines of templates that name the normalised `repository`."""
    word = repository.rpartition("/")[2].encode()
    for path in inventory.of(FileKind.HELM_TEMPLATE, FileKind.TEMPLATE, FileKind.NOT_YAML):
        if inventory.kind(path) is FileKind.NOT_YAML and not path.lower().endswith(_ENDINGS):
            continue
        try:
            data = files.tree.read(path)
        except UnreadableError:
            continue
        if len(data) > _MAX_BYTES or word not in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            for version in _versions(line, repository):
                site = Site(path, KIND, Subject.IMAGE, repository, version, (), refusal=REASON)
                yield Mention(site, number)


def _versions(line: str, repository: str) -> Iterator[Version]:
    if repository.rpartition("/")[2] not in line or line.lstrip().startswith("#"):
        return
    for match in _TEXT.finditer(line):
        filled = line.startswith(("{{", "${"), match.end())
        try:
            reference = parse_reference(match[0].rstrip(":@") if filled else match[0])
        except InvalidReferenceError:
            continue
        if reference.repository == repository and (filled or str(reference.version)):
            yield reference.version
