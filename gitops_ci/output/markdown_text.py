"""Untrusted text inside Markdown: it shows as it is and does nothing.

Characters with a meaning become character references, which cannot build structure (CommonMark,
"Entity and numeric character references"). Mentions and references are made live after that, on
the finished text, so an invisible break is put behind their sign as well.
"""

from __future__ import annotations

import re

from gitops_ci.model.regex import regex
from gitops_ci.output.commands import shorten
from gitops_ci.output.terminal import visible

_BREAK = "\u200b"
_STRUCTURE = regex(r"""[&<>"'`*_\[\]()|~\\#!$@^{}]|:(?=[\u200b-\u200d\ufe0f]*:)""")
_OPENING = regex(r"\A[-+=]|(?<=\A\d)\.(?=\s|\Z)|(?<=\A\d\d)\.(?=\s|\Z)")
"""What makes a list, a rule or a heading of a line that begins with it."""
_LIVE = regex(
    r"[@#!$%~&^](?=[\w\"'{])"  # mentions and references of GitHub and GitLab
    r"|(?<=GH)(?=-\d)"
    r"|:(?=[\w+-]+:)"  # emoji names
    r"|:(?=//)|(?<=www)(?=\.)",  # addresses
    re.IGNORECASE,
)
_CODE = regex(r"[^\w /.,:-]|_|(?<=www)\.|:(?=[/:])", re.IGNORECASE)


def prose(text: str, limit: int = 300) -> str:
    """`text` on one line for a sentence or a table cell, cut to `limit` characters."""
    marked = _LIVE.sub(lambda match: match.group() + _BREAK, shorten(visible(text), limit))
    return _OPENING.sub(_reference, _STRUCTURE.sub(_reference, marked))


def code(text: str, limit: int = 300) -> str:
    """`text` on one line in the type of code, cut to `limit` characters. Everything but letters,
    digits and a few harmless signs is a character reference, so nothing in it can come alive;
    mentions and references stay dead inside code anyway."""
    return f"<code>{_CODE.sub(_reference, shorten(visible(text), limit))}</code>"


def quiet(text: str) -> str:
    """`text` on one line for a title or a commit message, which are no Markdown but in which
    forges look for mentions, references and addresses: none of them is one any more."""
    return _LIVE.sub(lambda match: match.group() + _BREAK, visible(text))


def _reference(match: re.Match[str]) -> str:
    return f"&#{ord(match.group())};"
