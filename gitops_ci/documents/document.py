"""One file that was read, and the documents in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec import Struct

from gitops_ci.documents.values import Value
from gitops_ci.model.finding import Finding
from gitops_ci.model.span import Route, Span


class Doubt(Struct, frozen=True):
    """A plain scalar that YAML readers understand differently. `key` says that the last step of
    the route is itself the doubtful text."""

    route: Route
    text: str
    span: Span
    key: bool = False


class Document(Struct, frozen=True):
    """One document. `index` counts every document of the file that is not empty, from 0; `value`
    is in the `kubernetes` dialect; `line` is where its content starts; `tags` lists routes with a
    tag of their own, such as `!vault`."""

    index: int
    value: Value
    line: int
    doubts: tuple[Doubt, ...] = ()
    tags: tuple[tuple[Route, str], ...] = ()


# A Struct cannot have a field that a subclass computes, as LazySource does.
@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as read: its bytes, the documents, and the findings about its form.

    `broken` means that some of the file could not be read, so its documents are not all there is.
    """

    path: str
    data: bytes
    documents: tuple[Document, ...]
    problems: tuple[Finding, ...] = ()
    broken: bool = False

    def renamed(self, path: str) -> SourceFile:
        """The same under another path."""
        return replace(self, path=path)
