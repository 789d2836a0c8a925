"""Conventional Commits 1.0.0: what is wrong with a subject."""

from __future__ import annotations

import re

from gitops_ci.model.regex import regex

_SUBJECT = regex(r"[A-Za-z]+(?:\([^()\r\n]+\))?!?: \S.*")
_HALF = regex(r"[A-Za-z]+(\([^()\r\n]*\))?!?:")
_TO_SQUASH = ("fixup!", "squash!", "amend!")
_BY_GIT = regex(r'Revert ".+"|Merge (branch|pull request|remote-tracking branch|tag) .+')
_DRAFT = regex(r"(\[Draft\]|\(Draft\)|Draft:|WIP:)\s*", re.IGNORECASE)


def fault_of(subject: str) -> str:
    """Why the subject is not conventional; empty when it is, or when git itself wrote it."""
    if _SUBJECT.fullmatch(subject) or _BY_GIT.fullmatch(subject):
        return ""
    if subject.startswith(_TO_SQUASH):
        return "it waits to be squashed"
    half = _HALF.match(subject)
    if half is None:
        return "it does not begin with a type"
    if half[1] is not None and not half[1][1:-1].strip():
        return "its scope is empty"
    return "a space and a description have to follow the colon"


def without_draft(title: str) -> str:
    """The title of a pull request without the words that make it a draft."""
    draft = _DRAFT.match(title)
    return title[draft.end() :] if draft else title
