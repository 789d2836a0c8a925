"""Who pushed what, from GitLab's events.

Commits on GitLab name addresses and no accounts, and versions of a merge request name nobody; but
each push is an event of its project (docs.gitlab.com, "Events API"), unless it moved more than
three branches at once, or the token may not see them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from gitops_ci.forge.gitlab import read
from gitops_ci.forge.gitlab.part import Part
from gitops_ci.model.forge_errors import ForbiddenError, NotFoundError

_MOST_EVENTS = 1_000
_EARLIER, _LATER = timedelta(days=30), timedelta(days=2)
"""How long before its merge request a branch may have been pushed; and a margin for the filters,
which take whole days and leave out the one that they name."""


class Pushes(Part):
    """Reads pushes."""

    def _pushers(
        self, heads: Collection[str], first: datetime, last: datetime, project: str = ""
    ) -> dict[str, str]:
        """The account that pushed each of the commits, as far as the events from `first` to `last`
        tell; `project` is another one than this."""
        missing, found = set(heads), dict[str, str]()
        for data in islice(self._events(first, last, project or self._project), _MOST_EVENTS):
            pushed = data.get("push_data") or {}
            sha = str(pushed.get("commit_to") or "")
            if sha in missing and pushed.get("ref_type") == "branch":
                found[sha] = read.username(data.get("author"))
                missing.remove(sha)
            if not missing:
                break
        return {sha: name for sha, name in found.items() if name}

    def _events(self, first: datetime, last: datetime, project: str) -> Iterator[Any]:
        after, before = (first - _EARLIER).date(), (last + _LATER).date()
        try:
            yield from self._api.pages(
                f"{project}/events",
                action="pushed",
                after=after.isoformat(),
                before=before.isoformat(),
                sort="desc",
            )
        except (ForbiddenError, NotFoundError):
            return
