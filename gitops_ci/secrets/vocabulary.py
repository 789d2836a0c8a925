"""The word lists of the scan: `data/words.txt`, in sections."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "words.txt"


def words(section: str) -> frozenset[str]:
    """The words of a section. Raises KeyError for one that does not exist."""
    return _sections()[section]


@lru_cache(1)
def _sections() -> dict[str, frozenset[str]]:
    sections: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            current.update(line.split())
    return {name: frozenset(found) for name, found in sections.items()}
