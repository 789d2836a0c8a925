"""Durations as people write them: `60s`, `24h`, `1h30m`, `7d`."""

from __future__ import annotations

import re

from gitops_ci.model.regex import regex

_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
PATTERN = (
    r"^(?:\d+(?:\.\d+)?d)?(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m)?(?:\d+(?:\.\d+)?s)?(?:\d+ms)?$"
)
"""The form of a duration, for JSON Schema: parts in falling order, at least one."""

_WHOLE = regex(r"(?=\d)" + PATTERN[1:-1] + r"\Z", re.ASCII)
_PART = regex(r"(\d+(?:\.\d+)?)(ms|[dhms])", re.ASCII)


class DurationError(ValueError):
    """A text that is no duration."""


def parse_duration(text: str) -> float:
    """The seconds that `text` means. Raises DurationError."""
    if not _WHOLE.match(text) or len(text) > 40:
        raise DurationError(text)
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))


def format_duration(seconds: float) -> str:
    """The shortest spelling of `seconds` that `parse_duration` reads back."""
    if seconds <= 0:
        return "0s"
    rest, parts = round(seconds * 1000), []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
