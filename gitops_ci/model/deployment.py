"""A deployment as a forge records it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct


class DeploymentState(Enum):
    """How a deployment went."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILURE = "failure"
    INACTIVE = "inactive"


_COURSE = {
    DeploymentState.PENDING: 0,
    DeploymentState.RUNNING: 1,
    DeploymentState.SUCCESS: 2,
    DeploymentState.FAILURE: 2,
    DeploymentState.INACTIVE: 3,
}
"""How far a deployment is with each state."""


class Deployment(Struct, frozen=True):
    """The commit `sha` in `environment`. `at` is when its state was last set; `succeeded` says that
    it was a success at some time, also when a later one has replaced it since."""

    id: str
    environment: str
    sha: str
    state: DeploymentState
    at: datetime | None = None
    url: str = ""
    succeeded: bool = False

    def has_reached(self, state: DeploymentState) -> bool:
        """Whether nothing has to be written to bring it to `state`. What ended does not begin
        anew, so that an old job which runs again changes nothing."""
        return self.state is state or _COURSE[self.state] > _COURSE[state]
