"""The rules of packs on the manifests of one file, as if they were applied as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from gitops_ci.config.model_checks import PACKS
from gitops_ci.model.finding import Finding
from gitops_ci.policy.check import PolicyCheck
from gitops_ci.policy.choice import Choice, choose
from gitops_ci.policy.kinds import Kind, Kinds
from gitops_ci.policy.settings import Settings
from gitops_ci.render.objects import Rendered, RenderedObject, Root, RootKind
from gitops_ci.render.routes import text as text_at
from tests.unit.validate.checking import line, objects_of

NEWEST = 37
ENVIRONMENT = "case/environment"
ROOT = "case/root"
"""Annotations of objects that stand in another environment, or root, than the rest of a case."""

T = TypeVar("T")


def judge(
    text: str | bytes,
    choice: Choice,
    settings: Settings | None = None,
    *,
    environment: str = "dev",
    protected: bool = False,
    unseen: Kinds = frozenset(),
) -> list[Finding]:
    """Every finding of the rules on the objects in `text`."""
    groups: dict[Root, list[RenderedObject]] = {}
    for thing in objects_of(text):
        groups.setdefault(_root(thing, environment), []).append(thing)
    rendered = [Rendered(root, tuple(things)) for root, things in groups.items()]
    check = PolicyCheck(choice, settings or Settings(), lambda _: protected, unseen=unseen)
    return sorted(check.findings(rendered), key=lambda item: (item.location.line, item.message))


def _root(thing: RenderedObject, environment: str) -> Root:
    own = text_at(thing.value, "metadata", "annotations", ENVIRONMENT)
    path = text_at(thing.value, "metadata", "annotations", ROOT)
    return Root(path or "apps", RootKind.PLAIN, environment=own or environment)


def lines_of(path: Path, rule_id: str) -> list[str]:
    """The lines that say what one rule finds in a case."""
    data = path.read_bytes()
    said = _said(data.decode())
    minor = int(said["kubernetes"].partition(".")[2]) if "kubernetes" in said else NEWEST
    order = said.get("order", "").split()
    settings = Settings(
        registries=tuple(said.get("registries", "").split()),
        digests=tuple(said.get("digests", "").split()),
        earlier={name: tuple(reversed(order[:index])) for index, name in enumerate(order) if index},
    )
    found = judge(
        data,
        only(rule_id, minor),
        settings,
        protected="protected" in said,
        unseen=frozenset(_kind(name) for name in said.get("unseen", "").split()),
    )
    return [line(finding) for finding in found]


def _kind(name: str) -> Kind:
    group, _, kind = name.rpartition("/")
    return group, kind


def only(rule_id: str, minor: int = NEWEST) -> Choice:
    """The choice of one rule, whichever pack it is in."""
    every = choose(PACKS, minor)
    return Choice(
        tuple(rule for rule in every.objects if rule.RULE.id == rule_id),
        tuple(rule for rule in every.together if rule.RULE.id == rule_id),
        tuple(rule for rule in every.across if rule.RULE.id == rule_id),
        first(item for item in every.pods if item[0].RULE.id == rule_id),
    )


def first(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(items)[:1]


def _said(text: str) -> dict[str, str]:
    """What the comments at the top of a case say."""
    result = {}
    for row in text.splitlines():
        if not row.startswith("#"):
            break
        word, _, rest = row.removeprefix("#").strip().partition(":")
        result[word] = rest.strip()
    return result
