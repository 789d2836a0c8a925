"""What an engine is: how it is called, and how its answer is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct, field

from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.tools.run import Outcome

OBJECTS = "objects"
"""The folder with the objects, beside the one with the files of the repository."""
REPOSITORY = "repository"
"""The folder in which an engine runs; its policies stand there at their usual paths."""
POLICIES = "policies"
"""The folder with the policies of an engine that takes them in a form of its own."""
OBJECTS_FROM_REPOSITORY = f"../{OBJECTS}"


class Verdict(Struct, frozen=True):
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


class EngineFailedError(Exception):
    """The engine gave no verdict. `evaluating` says that it failed over one of the objects, and
    that others may be judged without it; `reason` is a skip reason."""

    def __init__(self, message: str, *, evaluating: bool = False, reason: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.evaluating = evaluating
        self.reason = reason


class Sent(Struct, frozen=True):
    """The objects that an engine was given by number, the folder in which it ran, and the files
    of the repository that stood there."""

    objects: Mapping[int, dict[str, Any]]
    home: Path = Path()
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

    def marked(self, number: int, value: dict[str, Any]) -> dict[str, Any] | None:
        """The object as it is sent: with a mark, where the answer does not name files. None for
        objects that the engine does not judge."""
        ...

    def arranged(self, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """The policies in the form that it takes, to stand in POLICIES; empty when it takes the
        files as they are. Raises BrokenPolicyError."""
        ...

    def words(self, arranged: Mapping[str, bytes]) -> tuple[str, ...]:
        """The words behind the program, for a run in REPOSITORY."""
        ...

    def verdicts(self, outcome: Outcome, sent: Sent) -> Iterator[Verdict]:
        """What it says. Raises EngineFailedError and BrokenPolicyError."""
        ...


class WithPolicies(Struct, frozen=True):
    """What engines have in common that take `policies` as the files that they are; `further` files
    stand beside them, and `arguments` are passed on."""

    policies: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    name: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """The policies, and what they need."""
        return (*self.policies, *self.further)

    def marked(self, number: int, value: dict[str, Any]) -> dict[str, Any] | None:  # noqa: ARG002 - of Engine
        """The object as it is."""
        return value

    def arranged(self, files: Mapping[str, bytes]) -> Mapping[str, bytes]:  # noqa: ARG002 - of Engine
        """They take their files as they are."""
        return {}
