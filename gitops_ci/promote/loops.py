"""No change goes round in circles: what was made and taken back within a day is not made again.

The history decides, not a marker: the versions that a site had on the base's first-parent line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from gitops_ci.model.image import Version

PERIOD = timedelta(days=1)


class Stand(Struct, frozen=True):
    """What a site held after a commit, `when` the commit came. None: the site was not there."""

    when: datetime
    commit: str
    version: Version | None


class Circle(Struct, frozen=True):
    """The earlier change that a new one would repeat."""

    commit: str
    when: datetime


def circle(
    before: Version, after: Version, stands: Sequence[Stand], now: datetime
) -> Circle | None:
    """The commit, at most a day old, that took the site from `before` to `after`; None when there
    is none. `stands` are in the order of history, the oldest first; the first one may be older
    than a day and says only where things stood."""
    for earlier, later in pairwise(stands):
        if earlier.version == before and later.version == after and now - later.when <= PERIOD:
            return Circle(later.commit, later.when)
    return None
