"""What a change is, told apart from where it stands: the hash, the commit message, the marker."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable

from gitops_ci.git.writing import CommitInfo
from gitops_ci.model.change import Change, FileEdit
from gitops_ci.model.edit import Edit, NewFile
from gitops_ci.model.errors import UsageError
from gitops_ci.model.regex import regex

TREE_TRAILER = "Gitops-CI-Tree"
"""Names the tree that the commit was made with: an amended commit shows that it was."""
CHANGE_TRAILER = "Gitops-CI-Change"
"""Names the change that the commit carries."""

_TREE = regex(rf"^{TREE_TRAILER}: ([0-9a-f]+)$", re.MULTILINE)
_CHANGE = regex(rf"^{CHANGE_TRAILER}: ([0-9a-f]+)$", re.MULTILINE)
_MARKER = regex(r"<!-- gitops-ci change=([0-9a-f]+) unit=([^ >]*) -->")
_CLOSED = "<!-- gitops-ci closed -->"
_CONTROL = regex(r"[\x00-\x1f\x7f]+")
_SKIP_CI = regex(
    r"\[(?:skip[ _-]ci|ci[ _-]skip|no[ _-]ci|skip[ _-]actions|actions[ _-]skip)\]", re.IGNORECASE
)
_MOST_BODY = 60_000


def payload(change: Change) -> str:
    """A hash of what the change does: the same wherever the lines have moved to, and whatever
    commit it starts from."""
    content = [change.base, change.branch, *sorted(map(_words, change.edits))]
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:40]


def _words(edit: FileEdit) -> list[str]:
    if isinstance(edit, Edit):
        return ["edit", edit.path, edit.expect, edit.text]
    data = edit.data if isinstance(edit, NewFile) else edit.expect
    mode = f"{edit.mode:o}" if isinstance(edit, NewFile) else ""
    kind = "new" if isinstance(edit, NewFile) else "remove"
    return [kind, edit.path, hashlib.sha256(data).hexdigest(), mode]


def message_of(change: Change, tree: str) -> str:
    """The commit message: the title, and the trailers as git-interpret-trailers(1) has them."""
    title = _one_line(change.title)
    if not title:
        raise UsageError("a change needs a title", "look at `pr.title` of the configuration")
    trailers = (*change.trailers, (CHANGE_TRAILER, payload(change)), (TREE_TRAILER, tree))
    lines = [f"{_one_line(key)}: {_one_line(text)}" for key, text in trailers]
    return "\n".join([title, "", *lines, ""])


def title_of(change: Change) -> str:
    """The title of the proposal, on one line."""
    return _one_line(change.title)


def is_own(commit: CommitInfo) -> bool:
    """Whether the commit is as we made it: its tree is the one that its message names."""
    named = _TREE.findall(commit.message)
    return len(commit.parents) == 1 and bool(named) and named[-1] == commit.tree


def carried(commit: CommitInfo) -> str:
    """The payload that a commit of ours names; empty when it names none."""
    named = _CHANGE.findall(commit.message)
    return named[-1] if named else ""


def body_of(change: Change) -> str:
    """The text of the proposal, with a marker that tells which change it describes."""
    text = change.body.rstrip("\n")
    if len(text) > _MOST_BODY:
        cut = text.rfind("\n", 0, _MOST_BODY)
        text = text[: cut if cut > 0 else _MOST_BODY] + "\n\n… cut: the text was too long."
    return f"{text}\n\n{marker(payload(change), change.etiquette.unit)}\n"


def described(body: str) -> str:
    """The payload that a proposal's text describes; empty when it does not tell."""
    found = _MARKER.findall(body)
    return found[-1][0] if found else ""


def unit_in(body: str) -> str:
    """The hash of the unit that a proposal's text names, empty when it names none."""
    found = _MARKER.findall(body)
    return found[-1][1] if found else ""


def unit_mark(unit: str) -> str:
    """The form in which a unit stands in a marker; empty for no unit."""
    return hashlib.sha256(unit.encode("utf-8", "backslashreplace")).hexdigest()[:16] if unit else ""


def closing(body: str, reason: str) -> str:
    """The text of a proposal that we close, beginning with the reason. One that begins so already
    stays as it is."""
    if closed_by_us(body):
        return body
    return f"> Closed: {_one_line(reason)}\n\n{body.rstrip()}\n\n{_CLOSED}\n"


def closed_by_us(body: str) -> bool:
    """Whether a closed proposal's text says that we closed it."""
    return _CLOSED in body


def paths_of(edits: Iterable[FileEdit]) -> frozenset[str]:
    """The files that the edits touch."""
    return frozenset(edit.path for edit in edits)


def marker(change: str, unit: str = "") -> str:
    """The line of a proposal's text that tells which change it describes, and of which unit."""
    return f"<!-- gitops-ci change={change} unit={unit_mark(unit)} -->"


def _one_line(text: str) -> str:
    return _SKIP_CI.sub(lambda found: f"({found[0][1:-1]})", _CONTROL.sub(" ", text)).strip()
