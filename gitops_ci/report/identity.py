"""Fingerprints for formats in which no two findings may share one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gitops_ci.model.report import Judged


def with_unique_ids(items: Iterable[Judged]) -> Iterator[tuple[str, Judged]]:
    """Each finding with 32 hexadecimal digits of its own: its fingerprint, its path, and how many
    of the same came before. Line numbers play no part, so an id survives edits elsewhere."""
    seen: Counter[str] = Counter()
    for judged in items:
        base = f"{judged.fingerprint}\0{judged.finding.location.path}"
        seen[base] += 1
        yield _digest(f"{base}\0{seen[base]}"), judged


def _digest(text: str) -> str:
    from hashlib import sha256  # loads OpenSSL: only a finding pays

    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
