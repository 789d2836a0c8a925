"""What an engine is: how it is called, and how its answer is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.tools.run import Outcome

OBJECTS = "objects"
"""The folder with the objects, beside the one with the files of the repository."""
REPOSITORY = "repository"
"""The folder in which an engine runs; its policies stand there at their usual paths."""
OBJECTS_FROM_REPOSITORY = f"../{OBJECTS}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that an engine holds against one object, known by its number. `route` is where in
    the object, if the engine tells; `key` tells apart what one policy says of one object; a `hint`
    and a `url` are the policy's own; without a `severity` the configured one holds."""

    number: int
    policy: str
    message: str
    severity: Severity | None = None
    route: Route = ()
    key: str = ""
    hint: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """What is wrong with a policy: its file, the line (from 1, 0 when nobody knows), the words."""

    path: str
    line: int
    message: str


class BrokenPolicyError(Exception):
    """Policies that the engine cannot load."""

    def __init__(self, faults: Sequence[PolicyFault]) -> None:
        super().__init__(faults[0].message)
        self.faults = tuple(faults)


class EngineFailedError(Exception):
    """The engine gave no verdict. `evaluating` says that it failed over one of the objects, and
    that others may be judged without it; `reason` is a skip reason."""

    def __init__(self, message: str, *, evaluating: bool = False, reason: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.evaluating = evaluating
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sent:
    """The objects that an engine was given by number, the folder in which it ran, and the files
    of the repository that stood there."""

    objects: Mapping[int, dict[str, Any]]
    home: Path = field(default=Path())
    files: Mapping[str, bytes] = field(default_factory=dict)


class Engine(Protocol):
    """A policy engine as a program."""

    @property
    def name(self) -> str:
        """What its rules are called: `policy/NAME.POLICY`."""
        ...

    @property
    def program(self) -> str:
        """What the program is called."""
        ...

    @property
    def files(self) -> tuple[str, ...]:
        """The files and folders of the repository that it needs."""
        ...

    def words(self) -> tuple[str, ...]:
        """The words behind the program, for a run in REPOSITORY."""
        ...

    def verdicts(self, outcome: Outcome, sent: Sent) -> Iterator[Verdict]:
        """What it says. Raises EngineFailedError and BrokenPolicyError."""
        ...
