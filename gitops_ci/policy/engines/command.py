"""Any program that prints SARIF or JSON."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from gitops_ci.config.policies import OBJECTS_PLACEHOLDER
from gitops_ci.policy.engines.answers import complaint, json_of
from gitops_ci.policy.engines.plain_json import of_json
from gitops_ci.policy.engines.port import (
    OBJECTS_FROM_REPOSITORY,
    EngineFailedError,
    Sent,
    Verdict,
)
from gitops_ci.policy.engines.sarif import of_sarif
from gitops_ci.tools.run import Outcome

FORMATS = {"sarif": of_sarif, "json": of_json}


class Command(Struct, frozen=True):
    """The program `command[0]` with its words; it prints `format`, and says with `exit_codes` that
    it found something."""

    command: tuple[str, ...]
    format: str = "sarif"
    exit_codes: tuple[int, ...] = (1,)
    files: tuple[str, ...] = ()
    title: str = ""

    @property
    def name(self) -> str:
        """What its rules are called."""
        return self.title or posixpath.basename(self.program).partition(".")[0]

    @property
    def program(self) -> str:
        """What the program is called, or its absolute path."""
        return self.command[0]

    def marked(self, number: int, value: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - of Engine
        """The object as it is."""
        return value

    def arranged(self, files: Mapping[str, bytes]) -> Mapping[str, bytes]:  # noqa: ARG002 - of Engine
        """It takes its files as they are."""
        return {}

    def words(self, arranged: Mapping[str, bytes]) -> tuple[str, ...]:  # noqa: ARG002 - of Engine
        """The configured words."""
        return tuple(
            word.replace(OBJECTS_PLACEHOLDER, OBJECTS_FROM_REPOSITORY) for word in self.command[1:]
        )

    def verdicts(self, outcome: Outcome, sent: Sent) -> Iterator[Verdict]:
        """What it prints. An exit code that nobody expects is a failure: an unfinished run may
        have printed a part."""
        if outcome.code not in (0, *self.exit_codes):
            raise EngineFailedError(f"exit code {outcome.code}: {complaint(outcome)}")
        found = list(FORMATS[self.format](json_of(outcome), sent))
        if outcome.code != 0 and not found:
            raise EngineFailedError(f"exit code {outcome.code}, but nothing was found")
        yield from found
