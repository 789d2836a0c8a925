"""Gatekeeper's templates and constraints, judged by `gator test`.

Output format: https://open-policy-agent.github.io/gatekeeper/website/docs/gator. It names objects
by their content, so that equal objects get equal verdicts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gitops_ci.documents.manifests import ref_of
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.regex import regex
from gitops_ci.policy.broken import BrokenPolicyError, PolicyFault
from gitops_ci.policy.engines.answers import complaint, entries, json_of, plain
from gitops_ci.policy.engines.manifests import PolicyObject, policies_in
from gitops_ci.policy.engines.port import (
    OBJECTS_FROM_REPOSITORY,
    EngineFailedError,
    Sent,
    Verdict,
    WithPolicies,
)
from gitops_ci.policy.engines.routes import route_of, route_told
from gitops_ci.policy.engines.words import policy_name, said, severity_of
from gitops_ci.render.routes import mapping
from gitops_ci.tools.run import Outcome

_CONSTRAINTS = "constraints.gatekeeper.sh"
_ADDING = regex(r'adding (?P<what>template|constraint) "(?P<name>[^"]+)": (?P<words>.*)', re.S)
_REGO_LINE = regex(r"template:(\d+): ((?:rego|eval)_\w+_error: [^\n]*)")
_FIELD = regex(r"\]\.(?P<path>[\w.\[\]]+): ")


class Gator(WithPolicies, frozen=True):
    """gator with the templates and constraints in `policies`."""

    name: str = "gator"
    program: str = "gator"

    def words(self, arranged: Mapping[str, bytes]) -> tuple[str, ...]:  # noqa: ARG002 - of Engine
        """`gator test` over the policies and the folder with the objects."""
        policies = [word for path in self.policies for word in ("--filename", path)]
        objects = ("--filename", OBJECTS_FROM_REPOSITORY)
        return ("test", "--output", "json", *policies, *objects, *self.arguments)

    def verdicts(self, outcome: Outcome, sent: Sent) -> Iterator[Verdict]:
        """What the constraints say of the objects."""
        policies = policies_in(sent.files)
        if not any(policy.group == _CONSTRAINTS for policy in policies):
            raise EngineFailedError("its policies hold no constraint")
        if not outcome.stdout.strip():
            raise _failure(outcome, policies)
        known = _Known(sent.objects)
        for result in entries(json_of(outcome)):
            yield from _result(result, known, sent)


class _Known:
    """Finds the numbers of objects that gator repeats."""

    def __init__(self, objects: Mapping[int, dict[str, Any]]) -> None:
        self._same: dict[str, list[int]] = {}
        self._called: dict[ObjectRef, list[int]] = {}
        for number, value in objects.items():
            self._same.setdefault(_text(value), []).append(number)
            self._called.setdefault(ref_of(value), []).append(number)

    def numbers(self, value: dict[str, Any]) -> list[int]:
        """Those of the equal objects, else of those with the same identity."""
        return self._same.get(_text(value)) or self._called.get(ref_of(value), [])


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)


def _result(result: dict[str, Any], known: _Known, sent: Sent) -> Iterator[Verdict]:
    constraint = mapping(result.get("constraint"))
    name = policy_name(ref_of(constraint).name)
    details = mapping(mapping(result.get("metadata")).get("details"))
    numbers = known.numbers(mapping(result.get("violatingObject")))
    if not numbers:
        raise EngineFailedError(f"a result of {name} is about none of the objects")
    severity = severity_of(result.get("enforcementAction"))
    for number in numbers:
        route = route_told((details,), sent.objects[number])
        message = said(result.get("msg", ""), sent.home)
        # `deny` is what every constraint says that says nothing: the configuration may weigh it
        own = None if result.get("enforcementAction") == "deny" else severity
        yield Verdict(number, name, message, own, route)


def _failure(outcome: Outcome, policies: tuple[PolicyObject, ...]) -> Exception:
    words = plain(outcome.stderr)
    hit = _ADDING.search(words)
    if hit is None:
        return EngineFailedError(_last(words) or complaint(outcome))
    wanted = [
        policy
        for policy in policies
        if policy.name == hit["name"]
        and (policy.group == _CONSTRAINTS) is (hit["what"] == "constraint")
    ]
    if not wanted:
        return EngineFailedError(_last(words))
    return BrokenPolicyError([_fault(wanted[0], hit["words"])])


def _fault(policy: PolicyObject, words: str) -> PolicyFault:
    rego = _REGO_LINE.search(words)
    if rego is not None:
        for route in _rego_routes(policy.value):
            return policy.fault(rego[2].strip(), policy.line_in(route, int(rego[1])))
    field = _FIELD.search(words)
    route = route_of(field["path"], policy.value) if field else ()
    return policy.fault(" ".join(words.split()), policy.line(route))


def _rego_routes(value: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Where the code of a template stands: in its old place or in its new one."""
    for index, target in enumerate(entries(mapping(value.get("spec")).get("targets"))):
        if isinstance(target.get("rego"), str):
            yield ("spec", "targets", index, "rego")
        for number, code in enumerate(entries(target.get("code"))):
            if isinstance(mapping(code.get("source")).get("rego"), str):
                yield ("spec", "targets", index, "code", number, "source", "rego")


def _last(words: str) -> str:
    """The last line that is no warning: what ended the program."""
    lines = [line.strip() for line in words.splitlines() if " WARNING " not in line]
    return next((line for line in reversed(lines) if line), "")
