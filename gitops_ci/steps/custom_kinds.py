"""The custom kinds that a run knows: added schemas, the repository's own CRDs, those on board."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.config.globs import Globs
from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.documents.read import read
from gitops_ci.render.objects import Rendered
from gitops_ci.repo.files import Files
from gitops_ci.repo.tree import UnreadableError
from gitops_ci.schemas.crd import CrdSet, Source, is_crd
from gitops_ci.schemas.kinds.load import load_kinds
from gitops_ci.schemas.listing import kinds_of

FOLDER = ".gitops-ci/schemas"
"""Where `schemas add` puts the structures of kinds whose definition lies elsewhere."""
_MARK = b"CustomResourceDefinition"


def custom_kinds(files: Files, config: Config, rendered: Iterable[Rendered] = ()) -> CrdSet:
    """Custom kinds from everywhere; a definition in the repository beats all others."""
    known = CrdSet(board=load_kinds())
    for source in _definitions(files, config):
        for manifest in manifests_of(source):
            known.add_manifest(manifest.value, Source.REPOSITORY)
    for item in rendered:
        for thing in item.objects:
            if is_crd(thing.value):
                known.add_manifest(thing.value, Source.RENDERED)
    for entry in files.tree.entries():
        if entry.path.startswith(FOLDER + "/"):
            for document in read(entry.path, files.tree.read(entry.path)).documents:
                known.add(kinds_of(document.value))
    return known


def _definitions(files: Files, config: Config) -> Iterable[SourceFile]:
    """The parsed files that hold definitions, and the further ones that `validate.crds` names."""
    parsed = {source.path for source in files.known()}
    further = Globs(config.validate.crds)
    for source in files.known():
        if _MARK in source.data:
            yield source
    for entry in files.tree.entries():
        if entry.path in parsed or not further.match(entry.path):
            continue
        try:
            data = files.tree.read(entry.path)
        except UnreadableError:
            continue  # the inventory has said so
        if _MARK in data:
            yield read(entry.path, data)
