"""A plan in words: the sites, what is left alone or refused, and one unified diff."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.image import Version
from gitops_ci.promote.bump.plan import Plan
from gitops_ci.repo.sites.model import Site
from gitops_ci.report.plural import plural
from gitops_ci.steps.bump_outcome import Outcome
from gitops_ci.steps.plan_text import document, proposal_lines, refusal

_DIGEST = len("sha256:") + 12


def text_of(outcome: Outcome) -> bytes:
    """The whole text: a summary, the texts of proposals, and the diff at the end."""
    plan = outcome.plan
    lines = [
        *_summary(outcome),
        *(() if plan.refused else _moves(plan)),
        *_left(plan),
        *_refused(plan),
        *(f"warning: {finding.location.path}:{finding.location.line}: {finding.message}"
          for finding in plan.findings if finding.severity.word == "warning"),
        *(f"note: {note}" for note in outcome.notes),
        *proposal_lines(outcome.proposals),
    ]  # fmt: skip
    return document(lines, outcome.diff, outcome.bodies)


def _summary(outcome: Outcome) -> Iterator[str]:
    plan = outcome.plan
    if plan.refused:
        yield f"refused: {plural(len(plan.refused), 'site')} cannot be changed safely, so none is"
    elif plan.moves:
        files = len({move.site.path for move in plan.moves})
        done = "written" if outcome.written else "planned"
        yield f"{done}: {plural(len(plan.moves), 'site')} in {plural(files, 'file')}"
    else:
        yield "nothing to do"
    if plan.done:
        yield f"already there: {plural(len(plan.done), 'site')}"


def _moves(plan: Plan) -> Iterator[str]:
    for move in plan.moves:
        where = f"{move.site.path}:{move.location.line}"
        sign = "  DOWNGRADE" if move.older else ""
        before, to = shown(move.site.version), shown(move.to)
        added = "  (new entry)" if move.entry else ""
        yield f"  {where}  {_whose(move.site)}{move.name}  {before} -> {to}{added}{sign}"


def _left(plan: Plan) -> Iterator[str]:
    for item in plan.left:
        where = f"{item.site.path}:{item.line}"
        name = item.site.name or item.target.name
        yield f"left alone: {where}  {_whose(item.site)}{name}: {item.reason}"


def _refused(plan: Plan) -> Iterator[str]:
    for item in plan.refused:
        what = f"{item.site.path}:{item.line}  {_whose(item.site)}{item.target.text}: "
        yield from refusal(what, item.reason, item.hint)


def shown(version: Version) -> str:
    """A version for people: the beginning of a digest is enough."""
    digest = f"@{version.digest[:_DIGEST]}…" if version.digest else ""
    return version.tag + digest or "no version"


def _whose(site: Site) -> str:
    words = [word for word in (site.environment, site.app) if word]
    return f"[{' '.join(words)}] " if words else ""
