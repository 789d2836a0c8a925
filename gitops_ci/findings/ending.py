"""When what somebody accepted for a time comes to its end."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum

NOTICE = timedelta(days=14)
"""How long before its end something is reported."""


class Ending(Enum):
    """Where something with a last day stands."""

    FAR = "far"
    SOON = "soon"
    OVER = "over"


def ending(until: date | None, today: date) -> Ending:
    """How near the end is. `until` is the last day on which it holds (UTC), None for no end."""
    if until is None or until - today >= NOTICE:
        return Ending.FAR
    return Ending.OVER if until < today else Ending.SOON
