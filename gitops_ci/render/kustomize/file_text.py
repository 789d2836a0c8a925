"""What the reference refuses in the text of a file that other YAML readers accept."""

from __future__ import annotations

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import lines_of
from gitops_ci.model.finding import found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, UnsupportedError
from gitops_ci.render.kustomize.spots import Spot, source_text
from gitops_ci.render.kustomize.values import Value

_SEPARATOR = regex(r"\n---(?P<rest>[^\n]*)(?=\n)")
_DIRECTIVE = regex(r"(?:[ \t]*(?:#[^\n]*)?\n)*%")
_SLASH = regex(r"(?<!\\)(?:\\\\)*\\/")


def refuse_text(source: SourceFile, outer: Spot | None) -> None:
    """Raise BuildError for a text that kyaml cannot split or read, UnsupportedError for a tag that
    it decodes. `outer` is the scalar around an inline text."""
    data = source.data
    if b"\n---" in data or data[:1] == b"%":
        _refuse_separators(source, outer)
    if b"\\/" in data:
        for document in source.documents:
            _refuse_escapes(document.value, Spot(source, document.index, outer=outer))
    if b"!!binary" in data:
        where = outer.location if outer else Location(source.path)
        raise UnsupportedError("yaml-tags", where, "the tag !!binary needs the reference")


def _refuse_separators(source: SourceFile, outer: Spot | None) -> None:
    text = lines_of(source).text.replace("\r\n", " \n")
    for match in _SEPARATOR.finditer(text):
        rest = match["rest"].strip()
        if rest and not rest.startswith("#"):
            message = "only a comment may stand on the line of a document separator"
            hint = "put the document on the next line"
            raise _error(source, outer, match.start() + 1, message, hint=hint)
        if _DIRECTIVE.match(text):
            message = "kustomize does not accept YAML directives"
            raise _error(source, outer, 0, message, hint="remove the line that begins with '%'")


def _refuse_escapes(value: Value, spot: Spot) -> None:
    if isinstance(value, dict):
        for name, item in value.items():
            _refuse_escapes(item, spot.below(name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_escapes(item, spot.below(index))
    elif isinstance(value, str) and "/" in value:
        text = source_text(spot)
        if text.startswith('"') and _SLASH.search(text):
            message = "kustomize reads YAML and JSON with a library that has no escape '\\/'"
            finding = found(rules.INVALID_RESOURCE, message, spot.location, hint="write '/'")
            raise BuildError(finding)


def _error(
    source: SourceFile, outer: Spot | None, offset: int, message: str, *, hint: str
) -> BuildError:
    if outer is not None:
        location = outer.location
    else:
        location = Location(source.path, lines_of(source).span(offset, offset))
    return BuildError(found(rules.INVALID_RESOURCE, message, location, hint=hint))
