"""The rules of packs on the manifests of one file, as if they were applied as they stand."""

from __future__ import annotations

from pathlib import Path

from gitops_ci.config.model_checks import PACKS
from gitops_ci.model.finding import Finding
from gitops_ci.policy.check import PolicyCheck
from gitops_ci.policy.choice import Choice, choose
from gitops_ci.policy.settings import Settings
from gitops_ci.render.objects import Rendered, Root, RootKind
from tests.unit.validate.checking import line, objects_of

NEWEST = 37


def judge(
    text: str | bytes,
    choice: Choice,
    settings: Settings | None = None,
    *,
    environment: str = "dev",
    protected: bool = False,
    complete: bool = True,
) -> list[Finding]:
    """Every finding of the rules on the objects in `text`."""
    root = Root("apps", RootKind.PLAIN, environment=environment)
    rendered = Rendered(root, tuple(objects_of(text)))
    check = PolicyCheck(choice, settings or Settings(), lambda _: protected, complete=complete)
    return sorted(check.findings([rendered]), key=lambda item: (item.location.line, item.message))


def lines_of(path: Path, rule_id: str) -> list[str]:
    """The lines that say what one rule finds in a case."""
    data = path.read_bytes()
    said = _said(data.decode())
    minor = int(said["kubernetes"].partition(".")[2]) if "kubernetes" in said else NEWEST
    settings = Settings(registries=tuple(said.get("registries", "").split()))
    found = judge(
        data,
        only(rule_id, minor),
        settings,
        protected="protected" in said,
        complete="partly" not in said,
    )
    return [line(finding) for finding in found]


def only(rule_id: str, minor: int = NEWEST) -> Choice:
    """The choice of one rule, whichever pack it is in."""
    choices = [choose((name,), minor) for name in PACKS]
    return Choice(
        tuple({r.RULE.id: r for c in choices for r in c.objects if r.RULE.id == rule_id}.values()),
        tuple({r.RULE.id: r for c in choices for r in c.together if r.RULE.id == rule_id}.values()),
        tuple(
            {p[0].RULE.id: p for c in choices for p in c.pods if p[0].RULE.id == rule_id}.values()
        ),
    )


def _said(text: str) -> dict[str, str]:
    """What the comments at the top of a case say."""
    result = {}
    for row in text.splitlines():
        if not row.startswith("#"):
            break
        word, _, rest = row.removeprefix("#").strip().partition(":")
        result[word] = rest.strip()
    return result
