"""The errors a run can end with. Every other exception is a bug and exits 70.

GitopsError
├── ConfigError      exit 2: the config, all its faults at once
├── UsageError       exit 2: the command line or the environment
├── IncompleteError  exit 3: something in the repository could not be read
├── EndpointError    exit 4: a forge or another endpoint did not answer as needed
└── ConflictError    exit 5: a lost race
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_ci.model import exits

if TYPE_CHECKING:  # errors stand on the path of `--help`, findings do not
    from gitops_ci.model.finding import Finding


class GitopsError(Exception):
    """A failure with a cause, a place if there is one, and a next action in `hint`."""

    exit_code = exits.BUG

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(GitopsError):
    """The caller asked for something that does not exist or does not fit together."""

    exit_code = exits.USAGE


class ConfigError(UsageError):
    """The configuration is wrong; `findings` holds every fault with its place."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings[0].message, findings[0].hint)
        self.findings = findings


class IncompleteError(GitopsError):
    """Something that lies in the repository could not be read or rendered."""

    exit_code = exits.INCOMPLETE


class EndpointError(GitopsError):
    """A forge or endpoint call that the job needs failed."""

    exit_code = exits.ENDPOINT


class ConflictError(GitopsError):
    """Somebody else was faster; running again helps."""

    exit_code = exits.CONFLICT
