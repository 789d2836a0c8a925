"""Who pushed to a branch, and when its commits came, from GitHub's list of activities.

Commits name accounts by addresses that anybody may write into them, and their own times; an
activity has the account that pushed and GitHub's clock (docs.github.com, "List repository
activities").
"""

from __future__ import annotations

from datetime import datetime

from gitops_ci.forge.github import read
from gitops_ci.forge.github.part import Part
from gitops_ci.model.forge_errors import ForbiddenError, NotFoundError

_MOST = 100
_MADE = "branch_creation"


class Pushes(Part):
    """Reads pushes."""

    def _pushes(self, branch: str, head: str) -> tuple[frozenset[str], datetime | None]:
        """The accounts that pushed to a branch of this repository, from when it was made until it
        stood at `head`, and when that was; nothing where GitHub does not tell (yet)."""
        query = {"ref": f"refs/heads/{branch}", "per_page": _MOST}
        try:
            found = self._api.get(f"{self._repo}/activity", **query)  # the newest first
        except (ForbiddenError, NotFoundError):
            return frozenset(), None
        since = [at for at, data in enumerate(found) if data["after"] == head]
        if not since:
            return frozenset(), None
        people = set()
        for data in found[since[0] :]:
            people.add(read.login(data.get("actor")))
            if data["activity_type"] == _MADE:
                break
        return frozenset(people - {""}), read.moment(found[since[0]]["timestamp"])
