"""Files and history of a project on GitLab."""

from __future__ import annotations

import base64
from itertools import islice

from gitops_ci.forge.gitlab.part import Part, quoted
from gitops_ci.model.forge_errors import NotFoundError


class Contents(Part):
    """Reads what the clone does not hold."""

    def file(self, path: str, revision: str) -> bytes | None:
        """The bytes of a file; None when there is none."""
        where = f"{self._project}/repository/files/{quoted(path)}"
        try:
            return base64.b64decode(self._api.get(where, ref=revision)["content"])
        except NotFoundError:
            return None

    def first_parents(self, revision: str, most: int = 200) -> tuple[str, ...]:
        """The first-parent line."""
        path = f"{self._project}/repository/commits"
        found = self._api.pages(path, ref_name=revision, first_parent=True)
        return tuple(str(data["id"]) for data in islice(found, most))

    def fetch(self, revision: str) -> str:
        """Bring a commit or branch here."""
        path = f"{self._project}/repository/commits/{quoted(revision)}"
        sha = str(self._api.get(path)["id"])
        self._remote.fetch(sha, sha)
        return sha
