"""Who people are on GitLab, and what they may do."""

from __future__ import annotations

from gitops_ci.forge.gitlab.part import Part, quoted
from gitops_ci.forge.gitlab.read import username
from gitops_ci.model.errors import UsageError
from gitops_ci.model.forge_errors import NotFoundError

_DEVELOPER = 30


class People(Part):
    """Reads groups and roles."""

    def members(self, team: str) -> frozenset[str]:
        """The names of a group's members, inherited ones included, in lower case."""
        group = team.removeprefix("@")
        if not group:
            raise UsageError(f"'{team}' is no group", "groups are written @group or @group/part")
        try:
            found = list(self._api.pages(f"/groups/{quoted(group)}/members/all"))
        except NotFoundError as error:
            raise NotFoundError(
                f"the group {team} cannot be read",
                "use a token that may read it, or name the people",
                status=404,
            ) from error
        return frozenset(username(person).lower() for person in found)

    def may_write(self, login: str) -> bool:
        """Whether the account is Developer or more here."""
        found = self._api.pages(f"{self._project}/members/all", query=login)
        return any(
            username(person).lower() == login.lower() and int(person["access_level"]) >= _DEVELOPER
            for person in found
        )
