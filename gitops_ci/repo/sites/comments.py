"""Comments beside a scalar: markers of bots, and versions that people write behind a digest."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import lines_of, span_of
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route

_TAIL = regex(r"[ \t,\]}]*?(?<=[ \t,\]}\"'])(#[ \t]*)([^\r\n]*)")
_VERSION = regex(r"(?:(?:tag|version)[:=][ \t]*|[A-Za-z][\w./-]*(?:[ \t]+|[:@=]))?(v?\d[\w.+-]*)\Z")


class Comment(Struct, frozen=True):
    """A comment behind a value: its text without `#`, and the range of that text."""

    text: str
    start: int
    end: int

    @property
    def version(self) -> tuple[int, int] | None:
        """The range of the version, when the comment is nothing but one with at most a word before
        it: `# 1.21`, `# tag=v1.2`, `# golang 1.19`."""
        match = _VERSION.match(self.text)
        return (self.start + match.start(1), self.start + match.end(1)) if match else None


def comment_behind(source: SourceFile, document: int, route: Route) -> Comment | None:
    """The comment on the line where the scalar at `route` ends."""
    place = span_of(source, document, route)
    if place is None or place.span is None:
        return None
    text = lines_of(source).text
    match = _TAIL.match(text, place.span.end)
    if match is None or text[place.span.start : place.span.start + 1] in ("|", ">"):
        return None
    said = match[2].rstrip(" \t")
    return Comment(said, match.start(2), match.start(2) + len(said))
