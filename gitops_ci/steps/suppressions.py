"""Every suppression that one state of the repository holds: exceptions, comments, annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.findings.annotations import ignores_on
from gitops_ci.findings.exceptions import is_exception_file, read_exceptions
from gitops_ci.findings.inline import ignores_in
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.findings.suppression import Collected
from gitops_ci.model.errors import ConfigError
from gitops_ci.model.span import Location, Route
from gitops_ci.repo.tree import Tree

if TYPE_CHECKING:  # a scan for secrets renders nothing
    from gitops_ci.render.objects import Rendered, RenderedObject


def exceptions_in(tree: Tree, patterns: tuple[str, ...], known: KnownRules) -> Collected:
    """The exceptions of the files that match. Raises ConfigError for a faulty one."""
    sources = [
        read(entry.path, tree.read(entry.path))
        for entry in tree.entries()
        if is_exception_file(entry.path, patterns)
    ]
    collected = read_exceptions(sources, known)
    if collected.findings:
        raise ConfigError(collected.findings)
    return collected


def inline_in(
    sources: Iterable[SourceFile], rendered: Iterable[Rendered], known: KnownRules
) -> Collected:
    """The ignore comments of the parsed files and the ignore annotations of every object."""
    parts = [ignores_in(source.path, source.data, known) for source in sources]
    parts += [
        ignores_on(thing.value, thing.ref, _place(thing), known, item.root.name)
        for item in rendered
        for thing in item.objects
    ]
    return Collected(
        tuple(one for part in parts for one in part.suppressions),
        tuple(one for part in parts for one in part.findings),
    )


def _place(thing: RenderedObject) -> Callable[[Route], Location]:
    return lambda route: thing.origin.trace(route).location
