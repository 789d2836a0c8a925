"""Fingerprints for formats in which no two findings may share one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gitops_ci.model.report import Judged


def with_unique_ids(items: Iterable[Judged]) -> Iterator[tuple[str, Judged]]:
    """Each finding with 32 hexadecimal digits of its own: its fingerprint, its path, and how many
    of the same came before. Line numbers play no part, so an id survives edits elsewhere."""
    from hashlib import sha256

    seen: Counter[str] = Counter()
    for judged in items:
        base = f"{judged.fingerprint}\0{judged.finding.location.path}"
        seen[base] += 1
        text = f"{base}\0{seen[base]}"
        yield sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32], judged
