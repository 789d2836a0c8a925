"""Rego policies, judged by `conftest test`.

Output format: https://www.conftest.dev/options/#output. A rule may return a mapping with `msg`;
where that holds a path, the finding is on its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gitops_ci.model.severity import Severity
from gitops_ci.policy.broken import BrokenPolicyError
from gitops_ci.policy.engines.answers import (
    complaint,
    entries,
    json_of,
    number_of,
    rego_faults,
)
from gitops_ci.policy.engines.port import (
    OBJECTS_FROM_REPOSITORY,
    EngineFailedError,
    Sent,
    Verdict,
    WithPolicies,
)
from gitops_ci.policy.engines.routes import route_told
from gitops_ci.policy.engines.words import policy_name, said
from gitops_ci.render.routes import mapping
from gitops_ci.tools.run import Outcome

_WEIGHTS = (("failures", None), ("warnings", Severity.WARNING))
_ALL = "*"


class Conftest(WithPolicies, frozen=True):
    """conftest with the policies in `policies`, asked for the Rego `namespaces`."""

    namespaces: tuple[str, ...] = ()
    name: str = "conftest"
    program: str = "conftest"

    def words(self, arranged: Mapping[str, bytes]) -> tuple[str, ...]:  # noqa: ARG002 - of Engine
        """`conftest test` over the folder with the objects."""
        policies = [word for path in self.policies for word in ("--policy", path)]
        asked = [word for name in self.namespaces for word in ("--namespace", name)]
        if _ALL in self.namespaces:
            asked = ["--all-namespaces"]
        fixed = ("test", "--output", "json", "--no-color")
        return (*fixed, *policies, *asked, *self.arguments, OBJECTS_FROM_REPOSITORY)

    def verdicts(self, outcome: Outcome, sent: Sent) -> Iterator[Verdict]:
        """What the policies say of the objects."""
        if not outcome.stdout.strip():
            raise _failure(outcome)
        results = list(entries(json_of(outcome)))
        if not any(_asked(result) for result in results):
            names = ", ".join(self.namespaces) or "main"
            message = f"no rule ran: the policies hold none in the namespace {names}"
            raise EngineFailedError(message)
        for result in results:
            number = number_of(result.get("filename"))
            if number is None or number not in sent.objects:
                raise EngineFailedError("a result is about none of the objects")
            for word, severity in _WEIGHTS:
                for one in entries(result.get(word)):
                    yield _verdict(one, number, severity, sent)


def _asked(result: dict[str, Any]) -> bool:
    """Whether any rule ran on the object."""
    words = ("failures", "warnings", "exceptions", "skipped")
    return bool(result.get("successes")) or any(result.get(word) for word in words)


def _verdict(one: dict[str, Any], number: int, severity: Severity | None, sent: Sent) -> Verdict:
    metadata = mapping(one.get("metadata"))
    query = str(metadata.get("query", "")).removeprefix("data.")
    told = [metadata, mapping(metadata.get("details"))]
    route = route_told(told, sent.objects[number])
    return Verdict(number, policy_name(query), said(one.get("msg", ""), sent.home), severity, route)


def _failure(outcome: Outcome) -> Exception:
    faults = list(rego_faults(outcome.stderr))
    broken = [fault for fault in faults if fault.message.startswith("rego_")]
    if broken:
        return BrokenPolicyError(broken)
    if faults:
        first = faults[0]
        return EngineFailedError(f"{first.path}:{first.line}: {first.message}", evaluating=True)
    return EngineFailedError(complaint(outcome))
