"""New baseline files: those that accept what stands, and those without what is mended."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from gitops_ci.findings.baseline import VERSION, Acceptance, Baseline, read_entries
from gitops_ci.findings.baseline_paths import path_of
from gitops_ci.findings.ending import Ending, ending
from gitops_ci.findings.merge import Case
from gitops_ci.model.edit import NewFile, RemoveFile

_FIELDS = ("path", "rule", "fingerprint", "object", "message", "reason", "owner", "expires")
"""What tells entries apart, in the order in which they are sorted."""
_WRITTEN = ("fingerprint", "rule", "path", "object", "message")
_TERMS = ("reason", "owner", "expires")


Row = tuple[str, ...]


def create(
    cases: Iterable[Case], terms: Acceptance, standing: Baseline, today: date
) -> tuple[NewFile, ...]:
    """The baseline files that accept the open cases: on the terms of the `standing` baseline where
    that accepts them today and says why, else on `terms`."""
    left = {
        key: Counter(
            {
                item: count
                for item, count in counts.items()
                if item.reason and ending(item.until, today) is not Ending.OVER
            }
        )
        for key, counts in standing.accepted.items()
    }
    entries: dict[str, Counter[Row]] = {}
    for case in cases:
        if not case.suppressed:
            kept = left.get((case.finding.root, case.fingerprint), Counter())
            mine = min((item for item, count in kept.items() if count > 0), default=terms)
            kept[mine] -= 1
            entries.setdefault(case.finding.root, Counter())[_row(case, mine)] += 1
    return tuple(NewFile(path_of(root), _rendered(root, entries[root])) for root in sorted(entries))


def prune(
    files: Mapping[str, bytes], cases: Iterable[Case]
) -> tuple[tuple[NewFile | RemoveFile, ...], int]:
    """The files without the entries that no open case needs any more, and how many went. Cases are
    given as they are without the baseline. Files that cannot be read stay."""
    needed = Counter((c.finding.root, c.fingerprint) for c in cases if not c.suppressed)
    changes: list[NewFile | RemoveFile] = []
    gone = 0
    for path in sorted(files):
        root, entries, problem = read_entries(files[path])
        if problem:
            continue
        kept: Counter[Row] = Counter()
        for entry in entries:
            key = (root, entry.fingerprint)
            stays = min(entry.count, needed[key])
            needed[key] -= stays
            gone += entry.count - stays
            if stays:
                kept[tuple(str(entry.row.get(name, "")) for name in _FIELDS)] += stays
        if not kept:
            changes.append(RemoveFile(path, files[path]))
        elif (data := _rendered(root, kept)) != files[path]:
            changes.append(NewFile(path, data))
    return tuple(changes), gone


def _row(case: Case, terms: Acceptance) -> Row:
    finding = case.finding
    thing = str(finding.object) if finding.object else ""
    message = " ".join(finding.message.split())
    about = (finding.location.path, finding.rule.id, case.fingerprint, thing, message)
    return (*about, terms.reason, terms.owner, terms.expires)


def _rendered(root: str, entries: Counter[Row]) -> bytes:
    rows = []
    for values in sorted(entries):
        said = dict(zip(_FIELDS, values, strict=True))
        row: dict[str, Any] = {name: said[name] for name in _WRITTEN}
        row |= {name: said[name] for name in _TERMS if said[name]}
        if entries[values] > 1:
            row["count"] = entries[values]
        rows.append(row)
    content = {"version": VERSION, "root": root, "findings": rows}
    return (json.dumps(content, indent=2) + "\n").encode()
