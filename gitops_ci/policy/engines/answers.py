"""The form of answers: JSON on stdout, complaints on stderr."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from gitops_ci.model.regex import regex
from gitops_ci.policy.broken import PolicyFault
from gitops_ci.policy.engines.port import EngineFailedError
from gitops_ci.tools.run import Outcome

SUFFIX = ".yaml"
_NUMBERED = regex(rf"(\d+){re.escape(SUFFIX)}\Z", re.ASCII)
_COLOUR = regex(r"\x1b\[[0-9;]*m")
_REGO = regex(
    r"(?P<path>[^\s:]+\.rego):(?P<line>\d+): (?P<words>(?:rego_\w+_error|eval_\w+_error): .*)"
)


def json_of(outcome: Outcome) -> Any:
    """The JSON on stdout. Raises EngineFailedError with the engine's own words."""
    try:
        return json.loads(outcome.stdout)
    except (ValueError, RecursionError):
        raise EngineFailedError(complaint(outcome)) from None


def complaint(outcome: Outcome) -> str:
    """The first thing that the engine complains about, or how it ended."""
    lines = (line.strip() for line in plain(outcome.stderr).splitlines())
    first = next((line for line in lines if line), "")
    return first.removeprefix("Error: ") or f"it ended with exit code {outcome.code}"


def plain(text: str) -> str:
    """The text without colours."""
    return _COLOUR.sub("", text)


def number_of(path: object) -> int | None:
    """The number of the object in the file at `path`; None when it is none of ours."""
    hit = _NUMBERED.fullmatch(posixpath.basename(path)) if isinstance(path, str) else None
    return int(hit[1]) if hit else None


def rego_faults(text: str) -> Iterator[PolicyFault]:
    """The errors with a line that OPA's compiler and evaluator report."""
    for hit in _REGO.finditer(plain(text)):
        yield PolicyFault(hit["path"], int(hit["line"]), hit["words"].strip())


def entries(value: Any) -> Iterator[dict[str, Any]]:
    """The mappings of a list; nothing for anything else."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))
