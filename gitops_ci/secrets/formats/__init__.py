"""The credentials of providers, as their documentation describes them.

The formats are data: `data/*.txt`, one file for each trade, read by `reading`. What a text alone
says about its own validity is judged by `checks`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from gitops_ci.secrets.format import Format
from gitops_ci.secrets.formats.checks import checks_at
from gitops_ci.secrets.formats.reading import read_formats

__all__ = ["FORMATS", "formats_at"]

_DATA = Path(__file__).parent / "data"


@lru_cache(2)
def formats_at(now: float | None = None) -> tuple[Format, ...]:
    """Every known format; the ids are unique.

    `now` (seconds since 1970, UTC) is the time against which tokens are judged that carry their
    own end; without it none is expired.
    """
    checks = checks_at(now)
    return tuple(
        item
        for path in sorted(_DATA.glob("*.txt"))
        for item in read_formats(path.read_text("utf-8"), path.name, checks)
    )


FORMATS: tuple[Format, ...] = formats_at()
"""Every known format, judged without a clock."""
