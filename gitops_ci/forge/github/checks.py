"""Check runs, commit statuses, variables and deployments on GitHub."""

from __future__ import annotations

from typing import Any

from gitops_ci.forge.github import read
from gitops_ci.forge.github.part import Part, quoted
from gitops_ci.model.check_run import CheckRun, CheckState, CommitStatus
from gitops_ci.model.deployment import Deployment, DeploymentState
from gitops_ci.model.forge_errors import NotFoundError

_MOST_DESCRIPTION = 140
_STATES = {
    CheckState.SUCCESS: "success",
    CheckState.FAILURE: "failure",
    CheckState.PENDING: "pending",
    CheckState.NEUTRAL: "success",
}
_DEPLOYMENTS = """query($owner:String!,$name:String!,$environments:[String!]){
repository(owner:$owner,name:$name){deployments(environments:$environments,first:100,
orderBy:{field:CREATED_AT,direction:DESC}){nodes{databaseId environment commitOid createdAt
latestStatus{state createdAt environmentUrl} statuses(first:20){nodes{state}}}}}}"""
_WENT = {
    "SUCCESS": DeploymentState.SUCCESS,
    "FAILURE": DeploymentState.FAILURE,
    "ERROR": DeploymentState.FAILURE,
    "IN_PROGRESS": DeploymentState.RUNNING,
    "INACTIVE": DeploymentState.INACTIVE,
}
_WORDS = {
    DeploymentState.PENDING: "queued",
    DeploymentState.RUNNING: "in_progress",
    DeploymentState.SUCCESS: "success",
    DeploymentState.FAILURE: "failure",
    DeploymentState.INACTIVE: "inactive",
}


class Checks(Part):
    """Reads and sets what is reported."""

    def checks(self, sha: str) -> tuple[CheckRun, ...]:
        """The latest check runs and statuses of a commit."""
        path = f"{self._repo}/commits/{quoted(sha)}"
        runs = self._api.pages(f"{path}/check-runs", inside="check_runs", filter="latest")
        return (*map(read.check_run, runs), *self._statuses(sha))

    def _statuses(self, sha: str) -> tuple[CheckRun, ...]:
        path = f"{self._repo}/commits/{quoted(sha)}/statuses"
        newest: dict[str, Any] = {}
        for data in self._api.pages(path):  # the newest first
            newest.setdefault(str(data["context"]), data)
        return tuple(read.status(data, sha) for data in newest.values())

    def set_status(self, sha: str, status: CommitStatus) -> bool:
        """Report, unless the same is reported already."""
        description = _cut(status.description)
        state = _STATES[status.state]
        if self._says(sha, status.name, state, description):
            return False
        body = {"state": state, "context": status.name, "description": description}
        body |= {"target_url": status.url} if status.url else {}
        self._api.make(
            f"{self._repo}/statuses/{quoted(sha)}",
            body,
            lambda: True if self._says(sha, status.name, state, description) else None,
            lambda _: True,
            permission="statuses: write",
        )
        return True

    def _says(self, sha: str, name: str, state: str, description: str) -> bool:
        for data in self._api.pages(f"{self._repo}/commits/{quoted(sha)}/statuses"):
            if data["context"] == name:
                return (data["state"], data.get("description") or "") == (state, description)
        return False

    def variable(self, name: str) -> str | None:
        """A variable of the repository, else of its organisation."""
        try:
            return str(self._api.get(f"{self._repo}/actions/variables/{quoted(name)}")["value"])
        except NotFoundError:
            path = f"{self._repo}/actions/organization-variables"
            found = self._api.pages(path, inside="variables")
            return next((str(data["value"]) for data in found if data["name"] == name), None)

    def deployments(self, environment: str, sha: str = "") -> tuple[Deployment, ...]:
        """The newest hundred."""
        found = self._graph.query(
            _DEPLOYMENTS, owner=self._owner, name=self._short, environments=[environment]
        )
        nodes = found["repository"]["deployments"]["nodes"]
        return tuple(_deployment(data) for data in nodes if sha in ("", data["commitOid"]))

    def record_deployment(
        self, environment: str, sha: str, state: DeploymentState, description: str = ""
    ) -> Deployment:
        """Bring the deployment to `state`."""
        there = next(iter(self.deployments(environment, sha)), None) or self._deploy(
            environment, sha, description
        )
        if there.has_reached(state):
            return there
        body = {"state": _WORDS[state], "description": _cut(description), "auto_inactive": True}

        def reached() -> Deployment | None:
            now = next(iter(self.deployments(environment, sha)), None)
            return now if now is not None and now.has_reached(state) else None

        return self._api.make(
            f"{self._repo}/deployments/{there.id}/statuses",
            body,
            reached,
            lambda data: Deployment(
                there.id, environment, sha, state, read.moment(data.get("created_at")),
                str(data.get("environment_url") or ""),
                succeeded=there.succeeded or state is DeploymentState.SUCCESS,
            ),
            permission="deployments: write",
        )  # fmt: skip

    def _deploy(self, environment: str, sha: str, description: str) -> Deployment:
        body = {
            "ref": sha,
            "environment": environment,
            "auto_merge": False,
            "required_contexts": [],
            "description": _cut(description),
        }
        return self._api.make(
            f"{self._repo}/deployments",
            body,
            lambda: next(iter(self.deployments(environment, sha)), None),
            lambda data: Deployment(str(data["id"]), environment, sha, DeploymentState.PENDING),
            permission="deployments: write",
        )


def _deployment(data: Any) -> Deployment:
    latest = data.get("latestStatus") or {}
    states = [str(status["state"]) for status in data["statuses"]["nodes"]]
    return Deployment(
        str(data["databaseId"]),
        str(data["environment"]),
        str(data["commitOid"]),
        _WENT.get(str(latest.get("state")), DeploymentState.PENDING),
        read.moment(latest.get("createdAt") or data.get("createdAt")),
        str(latest.get("environmentUrl") or ""),
        succeeded="SUCCESS" in states,
    )


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_DESCRIPTION else text[: _MOST_DESCRIPTION - 1] + "…"
