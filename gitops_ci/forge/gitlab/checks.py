"""Commit statuses, variables and deployments on GitLab."""

from __future__ import annotations

from typing import Any

from gitops_ci.forge.gitlab import read
from gitops_ci.forge.gitlab.part import Part, quoted
from gitops_ci.model.check_run import CheckRun, CheckState, CommitStatus
from gitops_ci.model.deployment import Deployment, DeploymentState
from gitops_ci.model.forge_errors import NotFoundError, RefusedError

_MOST_DESCRIPTION = 255
_STATES = {
    CheckState.SUCCESS: "success",
    CheckState.FAILURE: "failed",
    CheckState.PENDING: "pending",
    CheckState.NEUTRAL: "success",
}
_WENT = {
    "created": DeploymentState.PENDING,
    "blocked": DeploymentState.PENDING,
    "running": DeploymentState.RUNNING,
    "success": DeploymentState.SUCCESS,
    "failed": DeploymentState.FAILURE,
    "canceled": DeploymentState.INACTIVE,
}
_WORDS = {
    DeploymentState.PENDING: "running",
    DeploymentState.RUNNING: "running",
    DeploymentState.SUCCESS: "success",
    DeploymentState.FAILURE: "failed",
    DeploymentState.INACTIVE: "canceled",
}


class Checks(Part):
    """Reads and sets what is reported."""

    def checks(self, sha: str) -> tuple[CheckRun, ...]:
        """The latest statuses and jobs of a commit."""
        path = f"{self._project}/repository/commits/{quoted(sha)}/statuses"
        return tuple(map(read.status, self._api.pages(path)))

    def set_status(self, sha: str, status: CommitStatus) -> bool:
        """Report, unless the same is reported already."""
        text = status.description
        text = text if len(text) <= _MOST_DESCRIPTION else text[: _MOST_DESCRIPTION - 1] + "…"
        state = _STATES[status.state]
        if self._says(sha, status.name, state, text):
            return False
        body = {"state": state, "name": status.name, "description": text}
        body |= {"target_url": status.url} if status.url else {}

        def reported() -> bool | None:
            return True if self._says(sha, status.name, state, text) else None

        path = f"{self._project}/statuses/{quoted(sha)}"
        try:
            self._api.make(path, body, reported, lambda _: True, permission="api, role Developer")
        except RefusedError:  # "Cannot transition status"
            if self._says(sha, status.name, state, None):
                return False  # GitLab keeps the first text of a state that lasts
            raise
        return True

    def _says(self, sha: str, name: str, state: str, text: str | None) -> bool:
        path = f"{self._project}/repository/commits/{quoted(sha)}/statuses"
        for data in self._api.pages(path, name=name):
            if data["name"] == name:
                said = data.get("description") or ""
                return data["status"] == state and text in (None, said)
        return False

    def variable(self, name: str) -> str | None:
        """A variable of the project."""
        try:
            return str(self._api.get(f"{self._project}/variables/{quoted(name)}")["value"])
        except NotFoundError:
            return None

    def deployments(self, environment: str, sha: str = "") -> tuple[Deployment, ...]:
        """The newest hundred."""
        found = self._api.get(
            f"{self._project}/deployments",
            environment=environment,
            order_by="created_at",
            sort="desc",
            per_page=100,
        )
        return tuple(_deployment(data) for data in found if sha in ("", data["sha"]))

    def record_deployment(
        self,
        environment: str,
        sha: str,
        state: DeploymentState,
        description: str = "",  # noqa: ARG002 - the port has it, GitLab does not
    ) -> Deployment:
        """Bring the deployment to `state`."""
        there = next(iter(self.deployments(environment, sha)), None)
        if there is not None and there.has_reached(state):
            return there
        permission = "api, role Developer"
        if there is None:
            body = {
                "environment": environment,
                "sha": sha,
                "ref": sha,
                "tag": False,
                "status": _WORDS[state],
            }
            return self._api.make(
                f"{self._project}/deployments",
                body,
                lambda: next(iter(self.deployments(environment, sha)), None),
                _deployment,
                permission=permission,
            )
        path = f"{self._project}/deployments/{there.id}"
        data = self._api.bring("PUT", path, {"status": _WORDS[state]}, permission=permission)
        return _deployment(data)


def _deployment(data: Any) -> Deployment:
    environment = data.get("environment") or {}
    return Deployment(
        str(data["id"]),
        str(environment.get("name") or ""),
        str(data["sha"]),
        _WENT.get(str(data["status"]), DeploymentState.PENDING),
        read.moment(data.get("updated_at") or data.get("created_at")),
        str(environment.get("external_url") or ""),
        succeeded=data["status"] == "success",
    )
