"""A promotion in words: what moves and why, what stays and why, and one unified diff."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.promote.moves import Refusal
from gitops_ci.promote.plan import Candidate, Chosen, Plan
from gitops_ci.report.plural import plural
from gitops_ci.steps.plan_text import document, proposal_lines, refusal
from gitops_ci.steps.promote_outcome import Outcome

_DIGEST = len("sha256:") + 12
_LONGEST = 60


def text_of(outcome: Outcome) -> bytes:
    """The whole text: a summary, the texts of proposals, and the diff at the end."""
    plan = outcome.plan
    lines = [
        *_summary(outcome),
        *_moves(plan),
        *(line for chosen in plan.chosen for line in _chosen(chosen)),
        *_left(plan),
        *(line for item in plan.refused for line in _refused(item)),
        *(f"note: {note}" for note in outcome.notes),
        *proposal_lines(outcome.proposals),
    ]
    return document(lines, outcome.diff, outcome.bodies)


def _summary(outcome: Outcome) -> Iterator[str]:
    plan = outcome.plan
    if plan.moves:
        files = len({(move.environment, move.path) for move in plan.moves})
        done = "written" if outcome.written else "planned"
        yield f"{done}: {plural(len(plan.moves), 'change')} in {plural(files, 'file')}"
    else:
        yield "nothing to do"
    if plan.done:
        yield f"already there: {plural(len(plan.done), 'place')}"


def _moves(plan: Plan) -> Iterator[str]:
    for move in plan.moves:
        where = f"{move.path}:{move.location.line}"
        before = shown(move.before) or "nothing"
        back = "  GOES BACK" if move.older else ""
        yield f"  {where}  [{move.place}] {move.name}  {before} -> {shown(move.after)}{back}"
        yield f"    {move.why}"


def _chosen(chosen: Chosen) -> Iterator[str]:
    name = f"{chosen.target} {', '.join(chosen.apps)}"
    for candidate in chosen.passed:
        yield f"waits: [{name}] {_versions(candidate)} of {candidate.source}: {_why(candidate)}"
    if chosen.candidate is not None:
        for verdict in chosen.candidate.verdicts:
            yield f"{verdict.gate}: [{name}] {verdict.state.value}: {verdict.text}"


def _versions(candidate: Candidate) -> str:
    return ", ".join(shown(text) for text in candidate.epoch.versions()) or "the present state"


def _why(candidate: Candidate) -> str:
    if candidate.retracted:
        return f"{candidate.source} went back from it"
    return "; ".join(verdict.text for verdict in candidate.verdicts if not verdict.is_open)


def _left(plan: Plan) -> Iterator[str]:
    for item in plan.left:
        name = f"{item.slot.name or item.slot.file}: " if item.slot else ""
        yield f"left alone: [{item.place}] {name}{item.reason}"
        if item.hint:
            yield f"  to bring it back: {item.hint}"


def _refused(item: Refusal) -> Iterator[str]:
    where = f" {item.location.path}:{item.location.line}" if item.location else ""
    yield from refusal(f"[{item.place}]{where} ", item.reason, item.hint)


def shown(version: str) -> str:
    """A version or value for people: of a digest the beginning is enough."""
    tag, at, digest = version.rpartition("@")
    if at or digest.startswith("sha256:"):
        digest = digest if len(digest) <= _DIGEST else f"{digest[:_DIGEST]}…"
        return f"{tag}@{digest}" if at else digest
    return version if len(version) <= _LONGEST else f"{version[:_LONGEST]}…"
