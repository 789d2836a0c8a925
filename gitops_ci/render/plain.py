"""Files that are applied as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.manifests import manifests_of, strays_of
from gitops_ci.documents.rules import NOT_AN_OBJECT
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.skip import Skip
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.origins import SourceOrigin
from gitops_ci.render.result import Result
from gitops_ci.repo.files import Files
from gitops_ci.repo.paths import parent
from gitops_ci.repo.tree import Entry, EntryKind, Tree, UnreadableError

ENDINGS = (".yaml", ".yml", ".json")


def render_files(files: Files, paths: Iterable[str]) -> Result:
    """The objects of the files at `paths` with exact origins; Lists are unfolded. What can be no
    object is a finding. Faults in a file's form are the reader's to report."""
    objects: list[RenderedObject] = []
    findings: list[Finding] = []
    skipped: list[Skip] = []
    used: set[str] = set()
    for path in paths:
        used.add(path)
        try:
            source = files.source(path)
        except UnreadableError as error:
            skipped.append(Skip(path, error.reason, str(error)))
            continue
        objects += objects_in(source)
        findings += no_objects_in(source)
    return Result(tuple(objects), tuple(findings), tuple(skipped), frozenset(used))


def objects_in(source: SourceFile) -> Iterator[RenderedObject]:
    """The objects of one file, with themselves as their origins."""
    for manifest in manifests_of(source):
        origin = SourceOrigin(source, manifest.document, manifest.route)
        yield RenderedObject(manifest.value, origin)


def no_objects_in(source: SourceFile) -> Iterator[Finding]:
    """What stands in the file where only objects may stand."""
    for document, route in strays_of(source):
        yield found(
            NOT_AN_OBJECT,
            "this is no object: a mapping with apiVersion and kind is expected here",
            locate(source, document, route).location,
            key=str(document),
        )


def files_in(
    tree: Tree, directory: str, *, recurse: bool, endings: tuple[str, ...] = ENDINGS
) -> Iterator[str]:
    """The manifest files of `directory` in the order of their paths, those of its subdirectories
    too with `recurse`. Links to files count as files, as they do for the controllers."""
    prefix = f"{directory}/" if directory else ""
    for entry in tree.entries():
        if not entry.path.startswith(prefix) or not entry.path.endswith(endings):
            continue
        if (recurse or parent(entry.path) == directory) and _is_file(tree, entry):
            yield entry.path


def _is_file(tree: Tree, entry: Entry) -> bool:
    if entry.kind is not EntryKind.LINK:
        return entry.kind is EntryKind.FILE
    resolved = tree.resolve(entry.path)
    target = tree.entry(resolved) if resolved else None
    return target is not None and target.kind is EntryKind.FILE
