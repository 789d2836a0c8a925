"""SARIF 2.1.0 of any program: results on files with objects, and on lines in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from gitops_ci.policy.engines.answers import entries, number_of
from gitops_ci.policy.engines.port import EngineFailedError, Sent, Verdict
from gitops_ci.policy.engines.sending import route_on_line
from gitops_ci.policy.engines.words import policy_name, said, severity_of
from gitops_ci.render.routes import mapping

_SILENT_KINDS = ("pass", "notApplicable", "informational")


def of_sarif(log: Any, sent: Sent) -> Iterator[Verdict]:
    """The verdicts of a SARIF log. Raises EngineFailedError for something else, and when a run
    says that it did not succeed."""
    runs = log.get("runs") if isinstance(log, dict) else None
    if not isinstance(runs, list):
        raise EngineFailedError("its output is no SARIF log")
    for run in entries(runs):
        failed = [
            call
            for call in entries(run.get("invocations"))
            if call.get("executionSuccessful") is False
        ]
        if failed:
            words = failed[0].get("exitCodeDescription") or "it says that it did not succeed"
            raise EngineFailedError(said(words, sent.home))
        rules = _rules(run)
        for result in entries(run.get("results")):
            yield from _result(result, rules, sent)


def _rules(run: dict[str, Any]) -> list[dict[str, Any]]:
    driver = mapping(mapping(run.get("tool")).get("driver"))
    return list(entries(driver.get("rules")))


def _result(result: dict[str, Any], rules: list[dict[str, Any]], sent: Sent) -> Iterator[Verdict]:
    # what the program's user suppressed in its own way, or what it found in order, is no fault
    if result.get("kind") in _SILENT_KINDS or result.get("suppressions"):
        return
    rule = _rule_of(result, rules)
    name = result.get("ruleId") or rule.get("id") or "unnamed"
    level = result.get("level") or mapping(rule.get("defaultConfiguration")).get("level")
    message = said(mapping(result.get("message")).get("text") or name, sent.home)
    url = rule.get("helpUri")
    places = [mapping(item.get("physicalLocation")) for item in entries(result.get("locations"))]
    hits = {
        number: mapping(place.get("region")).get("startLine")
        for place in places
        if (number := _number(place)) is not None
    }
    known = {number: line for number, line in hits.items() if number in sent.objects}
    if not known:
        raise EngineFailedError(
            f"a result of {policy_name(str(name))} is about none of the objects"
        )
    for number, line in known.items():
        route = route_on_line(sent.objects[number], line) if isinstance(line, int) else ()
        yield Verdict(
            number,
            policy_name(str(name)),
            message,
            severity_of(level),
            route,
            url=url if isinstance(url, str) else "",
        )


def _rule_of(result: dict[str, Any], rules: list[dict[str, Any]]) -> dict[str, Any]:
    index, name = result.get("ruleIndex"), result.get("ruleId")
    if isinstance(index, int) and 0 <= index < len(rules):
        return rules[index]
    return next((rule for rule in rules if rule.get("id") == name), {})


def _number(place: dict[str, Any]) -> int | None:
    uri = mapping(place.get("artifactLocation")).get("uri")
    return number_of(unquote(uri)) if isinstance(uri, str) else None
