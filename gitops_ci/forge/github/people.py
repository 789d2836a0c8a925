"""Who people are on GitHub, and what they may do."""

from __future__ import annotations

from gitops_ci.forge.github.part import Part, quoted
from gitops_ci.forge.github.read import login
from gitops_ci.model.errors import UsageError
from gitops_ci.model.forge_errors import NotFoundError

_MEMBERS = "members: read"
_WRITERS = frozenset({"admin", "write", "maintain"})


class People(Part):
    """Reads teams and permissions."""

    def members(self, team: str) -> frozenset[str]:
        """The logins of `@org/team`, in lower case. A workflow's own token gets a 404."""
        organisation, slash, slug = team.removeprefix("@").partition("/")
        if not slash or not slug:
            raise UsageError(f"'{team}' is no team", "teams are written @org/team")
        path = f"/orgs/{quoted(organisation)}/teams/{quoted(slug)}/members"
        try:
            return frozenset(login(person).lower() for person in self._api.pages(path))
        except NotFoundError as error:
            raise NotFoundError(
                f"the team {team} cannot be read",
                f"use an app's token with `{_MEMBERS}`, or name the people",
                status=404,
            ) from error

    def may_write(self, login: str) -> bool:
        """Whether the account may push here."""
        path = f"{self._repo}/collaborators/{quoted(login)}/permission"
        try:
            return str(self._api.get(path).get("permission")) in _WRITERS
        except NotFoundError:
            return False
