"""Small builders for the tests of the engine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gitops_ci.config.load import load
from gitops_ci.config.model import Config
from gitops_ci.findings.engine import Inputs
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.model.finding import Finding, ObjectRef, found
from gitops_ci.model.report import Report
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Route, Span

HOST_PATH = Rule("pss/host-path", "host paths", Severity.ERROR)
MUTABLE = Rule("image/mutable-tag", "mutable tags", Severity.WARNING)
LABELS = Rule("gitops/labels", "labels", Severity.NOTE)
TOKEN = Rule("secret/token", "tokens", Severity.ERROR)
KNOWN = KnownRules.of((HOST_PATH, MUTABLE, LABELS, TOKEN))
NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
WEB = ObjectRef("apps", "v1", "Deployment", "shop", "web")


def at(path: str, line: int = 0, route: Route = (), document: int = 0) -> Location:
    """A place; line 0 means that only the file is known."""
    span = Span(line * 100, line * 100 + 5, line, 3, line, 8) if line else None
    return Location(path, span, route, document)


def fault(
    rule: Rule = HOST_PATH,
    path: str = "apps/web.yaml",
    line: int = 5,
    message: str = "a host path",
    route: Route = (),
    object: ObjectRef | None = WEB,
    **more: Any,
) -> Finding:
    """A finding of `rule` on a line."""
    return found(rule, message, at(path, line, route), object=object, **more)


def config(text: str) -> Config:
    """The config that the YAML text spells; it has to be right."""
    loaded = load({".gitops-ci.yaml": text.encode()}.get)
    assert loaded.findings == ()
    return loaded.config


def inputs(text: str = "", **more: Any) -> Inputs:
    """Inputs with the config that `text` spells."""
    return Inputs(NOW, config(text) if text else Config(), KNOWN, **more)


def ids(report: Report) -> list[str]:
    """The rule ids that the report shows."""
    return [judged.finding.rule.id for judged in report.shown]
