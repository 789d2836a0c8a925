"""Collected that stand next to what they ignore, as a comment.

`# gitops-ci: ignore RULE[,RULE] REASON` on the line or on its own line above;
`# gitops-ci: ignore-file RULE[,RULE] REASON` anywhere in the file. `//` comments count too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_ci.documents.text import Lines, decode
from gitops_ci.findings import rules
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.findings.suppression import Collected, FileScope, LineScope, Suppression
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location

MARK = b"gitops-ci:"
"""What a file with such a comment holds."""
_COMMENT = regex(
    r"(?:^|(?<=\s))(?:#|//)[ \t]*gitops-ci:[ \t]*(?P<verb>ignore-file|ignore)\b"
    r"[ \t]*(?P<ids>[\w*/.-]+(?:[ \t]*,[ \t]*[\w*/.-]+)*)?[ \t]*(?P<reason>[^\r\n]*)",
    re.MULTILINE,
)
_COMMENT_LINE = regex(r"\s*(?:#|//)")
_CLOSERS = regex(r"[ \t]*(?:\*/)?[ \t]*(?:-?\}\})?[ \t]*\Z")


def ignores_in(path: str, data: bytes, known: KnownRules) -> Collected:
    """The ignore comments of a text file. Files without the mark cost one search."""
    if MARK not in data:
        return Collected()
    try:
        lines = Lines(decode(data))
    except UnicodeDecodeError:
        return Collected()
    items: list[Suppression | Finding] = []
    targets = _Targets(lines)
    for comment in _COMMENT.finditer(lines.text):
        location = Location(path, lines.span(comment.start(), comment.end()))
        items.extend(_read(comment, location, targets, known))
    return Collected(
        tuple(item for item in items if isinstance(item, Suppression)),
        tuple(item for item in items if isinstance(item, Finding)),
    )


def _read(
    comment: re.Match[str], location: Location, targets: _Targets, known: KnownRules
) -> Iterator[Suppression | Finding]:
    ids = [word.strip() for word in (comment["ids"] or "").split(",") if word.strip()]
    reason = _CLOSERS.sub("", comment["reason"]).strip(" \t:-–—")
    if not ids:
        yield found(rules.UNKNOWN_IGNORE, "the ignore names no rule", location)
        return
    whole_file = comment["verb"] == "ignore-file"
    target, anchor = (0, "") if whole_file else targets.of(location.line)
    scope = FileScope(location.path) if whole_file else LineScope(location.path, target)
    for rule_id in ids:
        problem = refused(rule_id, reason, location, known)
        canonical = known.canonical(rule_id)
        yield problem or Suppression("comment", canonical, reason, scope, location, anchor)


def refused(rule_id: str, reason: str, location: Location, known: KnownRules) -> Finding | None:
    """The finding about an ignore that cannot count: of an unknown rule, or without a reason."""
    if "*" in rule_id or not known.knows(rule_id):
        message = f"there is no rule '{rule_id}' to ignore"
        hint = known.hint(rule_id)
        return found(rules.UNKNOWN_IGNORE, message, location, hint=hint, key=rule_id)
    if not reason:
        message = f"the ignore of {rule_id} gives no reason and does not count"
        hint = "write the reason behind the rule id"
        return found(rules.IGNORE_WITHOUT_REASON, message, location, hint=hint, key=rule_id)
    return None


class _Targets:
    """Finds the lines that comments are about."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._next_code: list[int] = []

    def of(self, line: int) -> tuple[int, str]:
        """The line and its text: the comment's own when something stands before it, else the next
        line that is no comment."""
        own = self._lines.line(line)
        if not _COMMENT_LINE.match(own):
            return line, _COMMENT.sub("", own).strip()
        if not self._next_code:
            self._next_code = self._look_ahead()
        following = self._next_code[line]
        return following, self._lines.line(following).strip()

    def _look_ahead(self) -> list[int]:
        """For each line (from 1) the next one that is no comment."""
        count = len(self._lines)
        result = [count + 1] * (count + 1)
        for line in range(count - 1, 0, -1):
            comment = _COMMENT_LINE.match(self._lines.line(line + 1))
            result[line] = result[line + 1] if comment else line + 1
        return result
