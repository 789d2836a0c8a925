"""Who owns which path, by the repository's CODEOWNERS file.

Formats: docs.github.com "About code owners" and docs.gitlab.com "Code Owners" (sections, whose
default owners hold for lines without owners of their own). The last line that matches decides.
"""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.config.globs import PatternError, matches
from gitops_ci.model.regex import regex

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where forges look for it, in order."""
_SECTION = regex(r"^\^?\[([^\]]+)\](?:\[\d+\])?(.*)$")
_WORD = regex(r"(?:\\.|[^\s\\])+")


class CodeOwners(Struct, frozen=True):
    """The lines of one file: (section, pattern, owners)."""

    path: str
    lines: tuple[tuple[str, str, tuple[str, ...]], ...]

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a path, of every section; empty when nobody owns it."""
        decided = {
            section: owners for section, pattern, owners in self.lines if _matches(pattern, path)
        }
        return tuple(dict.fromkeys(owner for owners in decided.values() for owner in owners))


def read_code_owners(path: str, text: str) -> CodeOwners:
    """The owners that a file names; lines that mean nothing are left out, as forges do."""
    section, defaults = "", ()
    lines: list[tuple[str, str, tuple[str, ...]]] = []
    for line in text.splitlines():
        stripped = line.split(" #")[0].strip()
        if not stripped or stripped.startswith("#"):
            continue
        head = _SECTION.match(stripped)
        if head:
            section, defaults = head[1].lower(), tuple(head[2].split())
            continue
        pattern, *owners = _WORD.findall(stripped)
        lines.append((section, pattern.replace("\\ ", " "), tuple(owners) or defaults))
    return CodeOwners(path, tuple(lines))


def _matches(pattern: str, path: str) -> bool:
    try:
        return matches("**" if pattern == "*" else pattern, path)
    except PatternError:
        return False
