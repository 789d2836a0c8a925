"""The output of a rendering program as documents, without ever trusting its line numbers."""

from __future__ import annotations

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.model.regex import regex

_CONTROL = regex(r"[\x00-\x08\x0b-\x1f\x7f]")
_RENDERED_LINE = regex(r"(?:yaml: )?(?:on )?line \d+(?:, column \d+)?:? ?")
MAX_WORDS = 600


def parsed(data: bytes) -> SourceFile:
    """What a program printed, as a file of its own; its problems have rendered positions, which
    must not be shown."""
    return read("rendered.yaml", data)


def plain_words(text: str, private: tuple[str, ...] = ()) -> str:
    """A program's message in one line that is fit for a report: no control characters, none of
    the `private` folder names, no numbers of rendered lines, at most MAX_WORDS characters."""
    for folder in sorted(filter(None, private), key=len, reverse=True):
        text = text.replace(folder + "/", "").replace(folder, ".")
    text = _CONTROL.sub("", text.strip().removeprefix("Error: "))
    text = _RENDERED_LINE.sub("", " ".join(text.split()))
    return text if len(text) <= MAX_WORDS else text[: MAX_WORDS - 1] + "…"
