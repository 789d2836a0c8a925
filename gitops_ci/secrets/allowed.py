"""What users of detect-secrets have allowed already: comments on lines, and `.secrets.baseline`.

Both become suppressions, so that one which a change adds counts only when somebody approves it.
Formats: detect_secrets/filters/allowlist.py and detect_secrets/core/baseline.py of detect-secrets
1.5. The baseline is read and never written: it holds hashes that can be guessed back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from gitops_ci.findings.suppression import LineScope, Suppression
from gitops_ci.model.finding import Finding
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.source_text import SourceText

BASELINE_FILE = ".secrets.baseline"
_MARK = "pragma"
_PRAGMA = regex(
    r"(?:#|//|/\*|'|--|<!--)[ \t]{0,8}pragma:[ \t]?"
    r"(?:allow|white)list[ -](?P<next>nextline[ -])?secret",
    re.IGNORECASE,
)
_REASON = "allowed by a detect-secrets comment"
_ACCEPTED = "accepted in .secrets.baseline"
_DIGEST = regex(r"[0-9a-f]{40}\Z")


def allowed_lines(source: SourceText) -> dict[int, int]:
    """For each line (from 1) on which secrets are allowed the line of the comment that says so."""
    result: dict[int, int] = {}
    for line in source.lines_with([_MARK]):
        match = _PRAGMA.search(line.text)
        if match:
            number = source.lines.span(*[source.offset(line.start)] * 2).line
            result[number + 1 if match["next"] else number] = number
    return result


class LegacyBaseline(Struct, frozen=True):
    """The accepted entries of a `.secrets.baseline`: for each path the hashes of the values. What
    somebody audited as a real secret is not accepted."""

    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def accepts(self, path: str, value: SecretText) -> bool:
        """Whether the value is accepted in the file, however it stands there."""
        known = self.accepted.get(path)
        return bool(known) and not known.isdisjoint(_digests(value)) if known else False


def read_legacy_baseline(data: bytes) -> LegacyBaseline:
    """The baseline; an empty one when the bytes are none."""
    try:
        content: Any = json.loads(data)
    except (ValueError, RecursionError):
        return LegacyBaseline()
    results = content.get("results") if isinstance(content, dict) else None
    accepted: dict[str, frozenset[str]] = {}
    for path, entries in results.items() if isinstance(results, dict) else ():
        hashes = frozenset(_hashes(entries))
        if hashes:
            accepted[str(path).removeprefix("./")] = hashes
    return LegacyBaseline(accepted)


def _hashes(entries: Any) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("is_secret") is not True:
            digest = entry.get("hashed_secret")
            if isinstance(digest, str) and _DIGEST.match(digest):
                yield digest


def _digests(value: SecretText) -> Iterator[str]:
    import hashlib  # loads OpenSSL: only a found value pays

    text = value.reveal()
    for form in {text, text.strip(), text.strip("\"'")}:
        yield hashlib.sha1(form.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def by_comment(
    findings: Iterable[Finding], lines: Mapping[str, dict[int, int]]
) -> Iterator[Suppression]:
    """The suppressions that comments state, for the findings that they cover."""
    for finding in findings:
        span = finding.location.span
        known = lines.get(finding.location.path, {}) if span else {}
        for line in range(span.line, span.end_line + 1) if span and known else ():
            if line in known:
                place = Location(finding.location.path, span)
                yield _suppression("comment", finding, _REASON, place)
                break


def by_baseline(finding: Finding) -> Suppression:
    """The suppression of a finding that `.secrets.baseline` accepts."""
    return _suppression("exception", finding, _ACCEPTED, Location(BASELINE_FILE))


def _suppression(kind: str, finding: Finding, reason: str, place: Location) -> Suppression:
    scope = LineScope(finding.location.path, finding.location.line)
    return Suppression(kind, finding.rule.id, reason, scope, place, anchor=finding.key)
