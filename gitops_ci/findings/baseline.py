"""Baselines: faults that a repository had when it began to be checked, one file for each root.

The files are JSON, sorted, without time stamps and line numbers, so that they merge without
conflicts and change only when a fault goes away.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gitops_ci.findings import rules
from gitops_ci.findings.merge import Case
from gitops_ci.model.edit import NewFile, RemoveFile
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.span import Location

FOLDER = ".gitops-ci/baseline"
NO_ROOT = "_repository"
TOP_ROOT = "_root"
"""The file for findings that no root shows."""

_VERSION = 1
_PLAIN = re.compile(r"[A-Za-z0-9_.~+@,= -]\Z")
_LONGEST = 200
_PRINT = re.compile(r"[0-9a-f]{32}\Z")
_FIELDS = ("fingerprint", "rule", "path", "object", "message")


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each fingerprint is accepted in each root."""

    accepted: Mapping[tuple[str, str], int] = field(default_factory=dict)


def path_of(root: str) -> str:
    """The baseline file of a root; every root has its own, whatever characters it holds."""
    if not root:
        return f"{FOLDER}/{NO_ROOT}.json"
    if root == ".":
        return f"{FOLDER}/{TOP_ROOT}.json"
    *folders, last = [_safe(segment) for segment in root.split("/")]
    folders = [re.sub(r"\.json\Z", "%2Ejson", folder) for folder in folders]
    return "/".join((FOLDER, *folders, f"{last}.json"))


def _safe(name: str) -> str:
    """A file name that every system takes, another one for every `name`."""
    quoted = "".join(sign if _PLAIN.match(sign) else _escaped(sign) for sign in name)
    if len(quoted) > _LONGEST:
        import hashlib

        digest = hashlib.blake2b(quoted.encode(), digest_size=16).hexdigest()
        return f"{quoted[: _LONGEST - 34]}%~{digest}"
    if not quoted.strip("."):
        return quoted.replace(".", "%2E") or "%2F"
    return quoted.replace("_", "%5F", 1) if quoted.startswith("_") else quoted


def _escaped(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))


def read_baseline(files: Mapping[str, bytes]) -> tuple[Baseline, tuple[Finding, ...]]:
    """The baseline in the files (path to bytes), and a finding for each that cannot be read."""
    accepted: Counter[tuple[str, str]] = Counter()
    findings = []
    for path in sorted(files):
        problem = _read(files[path], accepted)
        if problem:
            message = f"this is no baseline: {problem}"
            hint = "`gitops-ci baseline create` writes it anew"
            findings.append(found(rules.BROKEN_BASELINE, message, Location(path), hint=hint))
    return Baseline(accepted), tuple(findings)


def _read(data: bytes, accepted: Counter[tuple[str, str]]) -> str:
    """Adds the entries of one file; returns what is wrong with it."""
    try:
        content: Any = json.loads(data)
    except (ValueError, RecursionError):
        return "it is not JSON"
    if not isinstance(content, dict) or content.get("version") != _VERSION:
        return f"its version is not {_VERSION}"
    root, entries = content.get("root"), content.get("findings")
    if not isinstance(root, str) or not isinstance(entries, list):
        return "it needs a root and a list of findings"
    for entry in entries:
        if not isinstance(entry, dict) or not _is_print(entry.get("fingerprint")):
            return "an entry has no fingerprint"
        count = entry.get("count", 1)
        if not isinstance(count, int) or count < 1:
            return "a count is not a positive number"
        accepted[root, entry["fingerprint"]] += count
    return ""


def _is_print(value: Any) -> bool:
    return isinstance(value, str) and bool(_PRINT.match(value))


class Accepting:
    """Uses up a baseline while findings are judged."""

    def __init__(self, baseline: Baseline) -> None:
        self._left = Counter(baseline.accepted)

    def accepts(self, root: str, fingerprint: str) -> bool:
        """Whether one more such finding is in the baseline."""
        if self._left[root, fingerprint] <= 0:
            return False
        self._left[root, fingerprint] -= 1
        return True


def create(cases: Iterable[Case]) -> tuple[NewFile, ...]:
    """The baseline files that accept the open cases."""
    entries: dict[str, Counter[tuple[str, ...]]] = {}
    for case in cases:
        if not case.suppressed:
            entries.setdefault(case.finding.root, Counter())[_entry(case)] += 1
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
        accepted: Counter[tuple[str, str]] = Counter()
        if _read(files[path], accepted):
            continue
        content = json.loads(files[path])
        kept: Counter[tuple[str, ...]] = Counter()
        for entry in content["findings"]:
            count = entry.get("count", 1)
            key = (content["root"], entry["fingerprint"])
            stays = min(count, needed[key])
            needed[key] -= stays
            gone += count - stays
            if stays:
                kept[tuple(str(entry.get(name, "")) for name in _FIELDS)] += stays
        if not kept:
            changes.append(RemoveFile(path, files[path]))
        elif (data := _rendered(content["root"], kept)) != files[path]:
            changes.append(NewFile(path, data))
    return tuple(changes), gone


def _entry(case: Case) -> tuple[str, ...]:
    finding = case.finding
    thing = str(finding.object) if finding.object else ""
    return (
        case.fingerprint,
        finding.rule.id,
        finding.location.path,
        thing,
        " ".join(finding.message.split()),
    )


def _rendered(root: str, entries: Counter[tuple[str, ...]]) -> bytes:
    rows = []
    for values in sorted(entries, key=lambda row: (row[2], row[1], row)):
        row: dict[str, Any] = dict(zip(_FIELDS, values, strict=True))
        if entries[values] > 1:
            row["count"] = entries[values]
        rows.append(row)
    content = {"version": _VERSION, "root": root, "findings": rows}
    return (json.dumps(content, indent=2) + "\n").encode()
