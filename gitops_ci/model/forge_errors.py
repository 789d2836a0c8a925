"""How a forge says no. Callers choose by type; the texts name what a person has to do.

EndpointError            exit 4
└── ForgeError
    ├── UnauthorisedError   the token is wrong or has expired
    ├── ForbiddenError      the token may not do this; `permission` is what it lacks
    ├── RateLimitedError    too many calls; `until` is when the forge answers again
    ├── NotFoundError       it is not there, or the token may not see it
    ├── RefusedError        the forge understood and will not do it
    └── UnreachableError    no answer, or a broken one
ConflictError            exit 5
└── StaleError              what the call expected is not so any more
"""

from __future__ import annotations

from datetime import datetime

from gitops_ci.model.errors import ConflictError, EndpointError


class ForgeError(EndpointError):
    """A call to a forge failed. `status` is the HTTP status, 0 when there was no answer."""

    def __init__(self, message: str, hint: str = "", *, status: int = 0) -> None:
        super().__init__(message, hint)
        self.status = status


class UnauthorisedError(ForgeError):
    """The forge does not know the token, or not any more."""


class ForbiddenError(ForgeError):
    """The token may not do this. `permission` names what it lacks, such as `contents: write`;
    empty when the forge does not tell."""

    def __init__(
        self, message: str, hint: str = "", *, status: int = 403, permission: str = ""
    ) -> None:
        super().__init__(message, hint, status=status)
        self.permission = permission


class RateLimitedError(ForgeError):
    """The forge wants fewer calls. `until` is the moment from which it answers again, None when it
    does not say."""

    def __init__(
        self, message: str, hint: str = "", *, status: int = 429, until: datetime | None = None
    ) -> None:
        super().__init__(message, hint, status=status)
        self.until = until


class NotFoundError(ForgeError):
    """What was asked for is not there; forges say the same of what a token may not see."""


class RefusedError(ForgeError):
    """The forge understood the call and declines: a protected branch, a text that is too long, a
    line outside of the diff. `message` holds its reason."""


class UnreachableError(ForgeError):
    """The forge did not answer, or its answer was cut off, or it had a fault of its own. Whether
    a write happened is unknown then."""


class StaleError(ConflictError):
    """Somebody moved what the call was based on: read again, decide again."""
