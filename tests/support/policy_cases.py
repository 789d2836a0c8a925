"""The rules of packs on the manifests of one file, as if they were applied as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from gitops_ci.config.model_checks import PACKS
from gitops_ci.documents.read import read
from gitops_ci.model.finding import Finding
from gitops_ci.policy.check import PolicyCheck
from gitops_ci.policy.choice import Choice, choose
from gitops_ci.policy.kinds import Kind, Kinds
from gitops_ci.policy.settings import Settings
from gitops_ci.render.objects import Rendered, RenderedObject, Root, RootKind
from gitops_ci.render.routes import mapping
from gitops_ci.render.routes import text as text_at
from tests.unit.validate.checking import line, objects_of

NEWEST = 37
ENVIRONMENT = "case/environment"
ROOT = "case/root"
"""Annotations of objects that stand in another environment, or root, than the rest of a case."""

DEPLOYER = "case/deployer"
"""The annotation of an object that a deployer, called as reports do, applies."""
NAMES = ("dev", "staging", "prod")

T = TypeVar("T")


class FakePlaces:
    """Environments that are known by the words in a path or name."""

    def __init__(self, *, protected: bool, declared: bool) -> None:
        self.are_declared = declared
        self._protected = protected

    def is_protected(self, name: str) -> bool:
        return self._protected or (self.are_declared and name == "prod")

    def of(self, path: str) -> str:
        return next((name for name in NAMES if name in path.split("/")), "")

    def by_name(self, text: str) -> str:
        return next((name for name in NAMES if name in text.split("-")), "")


def judge(
    text: str | bytes,
    choice: Choice,
    settings: Settings | None = None,
    *,
    environment: str = "dev",
    path: str = "app.yaml",
    protected: bool = False,
    declared: bool = False,
    unseen: Kinds = frozenset(),
) -> list[Finding]:
    """Every finding of the rules on the objects in `text`."""
    groups: dict[Root, list[RenderedObject]] = {}
    for thing in objects_of(text, path):
        groups.setdefault(_root(thing, environment), []).append(thing)
    rendered = [Rendered(root, tuple(things)) for root, things in groups.items()]
    files = [read(path, text.encode() if isinstance(text, str) else text)]
    places = FakePlaces(protected=protected, declared=declared)
    check = PolicyCheck(
        choice, settings or Settings(), places, unseen=unseen, sources={path: files[0]}.get
    )
    found = check.findings(rendered, files)
    return sorted(found, key=lambda item: (item.location.line, item.message))


def _root(thing: RenderedObject, environment: str) -> Root:
    said = mapping(thing.value, "metadata", "annotations")
    path, deployer = text_at(said, ROOT), text_at(said, DEPLOYER)
    own = text_at(said, ENVIRONMENT)
    return Root(path or "apps", RootKind.PLAIN, own or environment, deployer)


def lines_of(path: Path, rule_id: str) -> list[str]:
    """The lines that say what one rule finds in a case."""
    data = path.read_bytes()
    said = _said(data.decode())
    minor = int(said["kubernetes"].partition(".")[2]) if "kubernetes" in said else NEWEST
    order = said.get("order", "").split()
    settings = Settings(
        registries=tuple(said.get("registries", "").split()),
        digests=tuple(said.get("digests", "").split()),
        own_url=said.get("url", ""),
        earlier={name: tuple(reversed(order[:index])) for index, name in enumerate(order) if index},
    )
    found = judge(
        data,
        only(rule_id, minor),
        settings,
        path=said.get("path", "app.yaml"),
        protected="protected" in said,
        declared="declared" in said,
        unseen=frozenset(_kind(name) for name in said.get("unseen", "").split()),
    )
    return [_line(finding) for finding in found]


def _line(finding: Finding) -> str:
    text = line(replace(finding, fix=None))
    if finding.fix is None:
        return text
    return f"{text} | {'safe fix' if finding.fix.safe else 'fix'}: {finding.fix.title}"


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
        tuple(rule for rule in every.files if rule.RULE.id == rule_id),
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
