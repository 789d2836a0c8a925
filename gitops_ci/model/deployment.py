"""A deployment as a forge records it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class DeploymentState(Enum):
    """How a deployment went."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILURE = "failure"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Deployment:
    """The commit `sha` in `environment`. `at` is when its state was last set."""

    id: str
    environment: str
    sha: str
    state: DeploymentState
    at: datetime | None = None
    url: str = ""
