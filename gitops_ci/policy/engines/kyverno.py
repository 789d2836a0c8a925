"""Kyverno's policies of every kind, judged by `kyverno apply`.

Output format: a policy report of https://openreports.io, which names objects by kind, name and
uid. Objects get a uid of ours, so that two with one name are told apart. The program passes over
policies that it cannot load, and whole folders with them, and says so in its log alone: it gets
each policy in a file of its own, and its log is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gitops_ci.documents.manifests import ref_of
from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.policy.broken import BrokenPolicyError, PolicyFault
from gitops_ci.policy.engines.answers import complaint, entries, number_of, plain
from gitops_ci.policy.engines.manifests import PolicyObject, policies_in
from gitops_ci.policy.engines.port import (
    OBJECTS_FROM_REPOSITORY,
    POLICIES,
    EngineFailedError,
    Sent,
    Verdict,
    WithPolicies,
)
from gitops_ci.policy.engines.routes import route_of
from gitops_ci.policy.engines.sending import file_name, text_of
from gitops_ci.policy.engines.words import policy_name, said
from gitops_ci.render.routes import mapping
from gitops_ci.tools.run import Outcome

_GROUPS = ("kyverno.io", "policies.kyverno.io", "admissionregistration.k8s.io")
_LOG_LEVEL = "3"
"""The first level on which skipped policies are in the log."""
_WEIGHTS = {"fail": None, "warn": Severity.WARNING}
_COMPILATION = "compilation error: "
_OVER_AN_OBJECT = "failed to apply policies on resource"

_UID = regex(r"gitops-ci-(\d+)\Z", re.ASCII)
_AT_PATH = regex(r" at path (?P<path>/\S*)")
_SENTENCE = regex(r"validation error: (?P<words>.*?) rule \S+ failed at path /\S*\Z")
_PASSED_OVER = regex(
    r"(?:skipping invalid YAML file|Non-fatal parsing error[^\n]*?)"
    r" error=\"(?P<words>.*?)\" logger=(?:\S+ path=(?P<path>\S+))?",
    re.DOTALL,
)
_INVALID = regex(r'\w+[\w.]* \\?"(?P<name>[^"\\]+)\\?" is invalid: (?P<words>.*)', re.DOTALL)
_UNCOMPILED = regex(r"failed to compile policy (?P<name>\S+) \((?P<words>.*)", re.DOTALL)
_FIELD = regex(r"(?P<path>spec\.[\w.\[\]]+): ")


class Kyverno(WithPolicies, frozen=True):
    """kyverno with the policies in `policies`."""

    name: str = "kyverno"
    program: str = "kyverno"

    def marked(self, number: int, value: dict[str, Any]) -> dict[str, Any] | None:
        """The object with a uid by which the report names it. Policies are not judged by policies:
        the program cannot look up their kinds."""
        if ref_of(value).group in _GROUPS:
            return None
        metadata = {**mapping(value, "metadata"), "uid": f"gitops-ci-{number}"}
        return {**value, "metadata": metadata}

    def arranged(self, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Each policy in a file of its own. Raises BrokenPolicyError."""
        texts = (text_of(policy.value) or "" for policy in _policies(files))
        return {file_name(number): text.encode() for number, text in enumerate(texts)}

    def words(self, arranged: Mapping[str, bytes]) -> tuple[str, ...]:
        """`kyverno apply` of the policies to the folder with the objects."""
        policies = (f"../{POLICIES}/{name}" for name in sorted(arranged))
        form = ("--policy-report", "--output-format", "json", "--remove-color", "--audit-warn")
        fixed = (*form, "--exceptions-within-policies", "-v", _LOG_LEVEL)
        return ("apply", *policies, "--resource", OBJECTS_FROM_REPOSITORY, *fixed, *self.arguments)

    def verdicts(self, outcome: Outcome, sent: Sent) -> Iterator[Verdict]:
        """What the policies say of the objects."""
        policies = _policies(sent.files)
        if not policies:
            raise EngineFailedError("its files hold no policy")
        results = list(_results(outcome))
        faults = [*_unloaded(outcome, policies), *_uncompiled(outcome, results, policies)]
        if faults:
            raise BrokenPolicyError(faults)
        if outcome.code != 0 and not results:
            words = _last(outcome)
            raise EngineFailedError(words, evaluating=words.startswith(_OVER_AN_OBJECT))
        for result in results:
            yield from _verdict(result, sent)


def _policies(files: Mapping[str, bytes]) -> list[PolicyObject]:
    return [policy for policy in policies_in(files) if policy.group in _GROUPS]


def _results(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """The results of all reports on stdout, one JSON text on each of some lines."""
    for line in outcome.stdout.decode("utf-8", "replace").splitlines():
        if line.startswith("{"):
            try:
                report = json.loads(line)
            except (ValueError, RecursionError):
                raise EngineFailedError("its report is no JSON") from None
            yield from entries(mapping(report).get("results"))


def _verdict(result: dict[str, Any], sent: Sent) -> Iterator[Verdict]:
    word = result.get("result")
    if word not in (*_WEIGHTS, "error"):
        return
    name = policy_name(str(result.get("policy")))
    message = said(result.get("message", ""), sent.home)
    for thing in entries(result.get("resources")):
        hit = _UID.match(str(thing.get("uid")))
        number = int(hit[1]) if hit else -1
        if number not in sent.objects:
            raise EngineFailedError(f"a result of {name} is about none of the objects")
        if word == "error":
            yield Verdict(number, name, f"not evaluated: {message}", Severity.ERROR)
            continue
        at = _AT_PATH.search(message)
        route = route_of(at["path"], sent.objects[number]) if at else ()
        sentence = _SENTENCE.match(message)
        words = sentence["words"] if sentence else message
        yield Verdict(number, name, words, _WEIGHTS[word], route)


def _unloaded(outcome: Outcome, policies: list[PolicyObject]) -> Iterator[PolicyFault]:
    """The policies that the program passed over."""
    for hit in _PASSED_OVER.finditer(plain(outcome.stderr)):
        words = hit["words"]
        invalid = _INVALID.search(words)
        number = number_of(hit["path"])
        if number is not None and number < len(policies):
            yield _fault(policies[number], words.rpartition("(")[2].rstrip(")"))
        elif invalid is not None:
            yield _named(policies, invalid["name"], invalid["words"].rstrip(")"))
        else:
            yield policies[0].fault(words, 1)


def _uncompiled(
    outcome: Outcome, results: list[dict[str, Any]], policies: list[PolicyObject]
) -> Iterator[PolicyFault]:
    """The policies whose expressions do not compile, each once."""
    hit = _UNCOMPILED.search(plain(outcome.stderr))
    if hit is not None and not results:
        yield _named(policies, hit["name"], hit["words"])
    broken = {
        str(result.get("policy")): str(result.get("message"))
        for result in results
        if str(result.get("message")).startswith(_COMPILATION)
    }
    for name, message in broken.items():
        yield _named(policies, name, message)


def _named(policies: list[PolicyObject], name: str, words: str) -> PolicyFault:
    policy = next((policy for policy in policies if policy.name == name), policies[0])
    return _fault(policy, words)


def _fault(policy: PolicyObject, words: str) -> PolicyFault:
    """The fault on the line of the field that the words name."""
    field = _FIELD.search(words)
    route: Route = route_of(field["path"], policy.value) if field else ()
    return policy.fault(" ".join(words.replace('\\"', '"').split()), policy.line(route))


def _last(outcome: Outcome) -> str:
    """The error that ended the program."""
    errors = [line for line in plain(outcome.stderr).splitlines() if line.startswith("Error: ")]
    return errors[-1].removeprefix("Error: ") if errors else complaint(outcome)
