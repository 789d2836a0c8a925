"""Baselines: faults that a repository had when it began to be checked, one file for each root.

The files are JSON, sorted, without line numbers and times of writing, so that they merge without
conflicts and change only when a fault goes away. Each entry says why, who answers for it, and
where it has an end its last day (UTC); files from before that had only the fault.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from gitops_ci.findings import rules
from gitops_ci.findings.ending import Ending, ending
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location

VERSION = 1
_PRINT = regex(r"[0-9a-f]{32}\Z")
_DAY = regex(r"\d{4}-\d{2}-\d{2}\Z")


class Acceptance(Struct, frozen=True, order=True):
    """Why an entry is accepted, by whom, and until when. `expires` is the last day as it is
    written, YYYY-MM-DD; empty for no end."""

    reason: str = ""
    owner: str = ""
    expires: str = ""

    @property
    def until(self) -> date | None:
        """The last day; None for no end."""
        return date.fromisoformat(self.expires) if self.expires else None

    @property
    def shown(self) -> str:
        """The words for a report."""
        who = f", {self.owner}" if self.owner else ""
        return f"baseline{who}: {self.reason}" if self.reason else "accepted by the baseline"


Root = str
Fingerprint = str
Key = tuple[Root, Fingerprint]


class Entry(Struct, frozen=True):
    """One kind of fault in a baseline file, `count` times. `row` is all that is written of it."""

    fingerprint: Fingerprint
    count: int
    acceptance: Acceptance
    row: Mapping[str, Any] = field(default_factory=dict)


class Baseline(Struct, frozen=True):
    """How often each fingerprint is accepted in each root, and on which terms; and how many faults
    each file accepts on the same terms."""

    accepted: Mapping[Key, Mapping[Acceptance, int]] = field(default_factory=dict)
    terms: Mapping[tuple[str, Acceptance], int] = field(default_factory=dict)


def read_baseline(files: Mapping[str, bytes]) -> tuple[Baseline, tuple[Finding, ...]]:
    """The baseline in the files (path to bytes), and a finding for each that cannot be read."""
    accepted: dict[Key, Counter[Acceptance]] = {}
    terms: Counter[tuple[str, Acceptance]] = Counter()
    findings = []
    for path in sorted(files):
        root, entries, problem = read_entries(files[path])
        for entry in entries:
            key = (root, entry.fingerprint)
            accepted.setdefault(key, Counter())[entry.acceptance] += entry.count
            terms[path, entry.acceptance] += entry.count
        if problem:
            message = f"this is no baseline: {problem}"
            hint = "`gitops-ci baseline create` writes it anew"
            findings.append(found(rules.BROKEN_BASELINE, message, Location(path), hint=hint))
    return Baseline(accepted, terms), tuple(findings)


def read_entries(data: bytes) -> tuple[Root, tuple[Entry, ...], str]:
    """The root and the entries of one file, or no entries and what is wrong with it."""
    try:
        content: Any = json.loads(data)
    except (ValueError, RecursionError):
        return "", (), "it is not JSON"
    if not isinstance(content, dict) or content.get("version") != VERSION:
        return "", (), f"its version is not {VERSION}"
    root, rows = content.get("root"), content.get("findings")
    if not isinstance(root, str) or not isinstance(rows, list):
        return "", (), "it needs a root and a list of findings"
    for row in rows:
        problem = _problem(row)
        if problem:
            return "", (), problem
    return root, tuple(_entry(row) for row in rows), ""


def _problem(row: Any) -> str:
    """What is wrong with an entry as it is written."""
    if not isinstance(row, dict) or not _matches(_PRINT, row.get("fingerprint")):
        return "an entry has no fingerprint"
    count = row.get("count", 1)
    if not isinstance(count, int) or count < 1:
        return "a count is not a positive number"
    if not all(isinstance(row.get(name, ""), str) for name in ("reason", "owner")):
        return "a reason or an owner is not a text"
    expires = row.get("expires", "")
    return "" if expires == "" or is_day(expires) else "an end is no date such as 2027-03-01"


def is_day(value: Any) -> bool:
    """Whether the value is a date as YYYY-MM-DD."""
    if not _matches(_DAY, value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and bool(pattern.match(value))


def _entry(row: dict[str, Any]) -> Entry:
    acceptance = Acceptance(row.get("reason", ""), row.get("owner", ""), row.get("expires", ""))
    return Entry(row["fingerprint"], row.get("count", 1), acceptance, row)


class Accepting:
    """Uses up a baseline while findings are judged; what has expired is of no use."""

    def __init__(self, baseline: Baseline, today: date) -> None:
        self._today = today
        self._terms = baseline.terms
        self._left = {
            key: Counter(
                {
                    terms: count
                    for terms, count in sorted(counts.items())
                    if ending(terms.until, today) is not Ending.OVER
                }
            )
            for key, counts in baseline.accepted.items()
        }

    def accepts(self, root: str, fingerprint: str) -> str:
        """The words for one more such finding in the baseline, empty when there is none."""
        left = self._left.get((root, fingerprint), Counter())
        terms = next((item for item, count in left.items() if count > 0), None)
        if terms is None:
            return ""
        left[terms] -= 1
        return terms.shown

    def notes(self) -> Iterator[Finding]:
        """One note for the entries of a file with the same terms that end soon or have ended."""
        for (path, terms), count in sorted(self._terms.items()):
            stage = ending(terms.until, self._today)
            if stage is not Ending.FAR:
                yield _end_note(path, terms, count, over=stage is Ending.OVER)


def _end_note(path: str, terms: Acceptance, count: int, *, over: bool) -> Finding:
    what = "1 accepted finding" if count == 1 else f"{count} accepted findings"
    owner = terms.owner or "somebody"
    if over:
        message = f"the baseline expired on {terms.expires} for {what}"
        hint = f"mend them, or let {owner} accept them anew"
        rule = rules.BASELINE_EXPIRED
    else:
        message = f"the baseline ends on {terms.expires} for {what}"
        hint = f"{owner} has to accept them anew, or the findings come back"
        rule = rules.BASELINE_ENDS_SOON
    key = f"{terms.expires} {terms.owner} {terms.reason}"
    return found(rule, message, Location(path), hint=hint, key=key)
