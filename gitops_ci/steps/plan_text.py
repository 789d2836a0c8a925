"""What the plans of all commands have in common as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.model.change import Proposal
from gitops_ci.output.terminal import visible


def document(lines: Iterable[str], diff: bytes, bodies: Iterable[tuple[str, str]] = ()) -> bytes:
    """The whole text: sentences, each made fit for one line, the texts of proposals by branch, and
    the diff at the end."""
    text = "\n".join(visible(line) for line in lines) + "\n"
    told = "".join(f"\ntext of {branch}:\n\n{body}" for branch, body in bodies)
    return (text + told).encode("utf-8", "backslashreplace") + (b"\n" + diff if diff else b"")


def refusal(what: str, reason: str, hint: str) -> Iterator[str]:
    """What cannot be done, why, and what would help."""
    yield f"refused: {what}{reason}"
    if hint:
        yield f"  {hint}"


def proposal_lines(proposals: Iterable[Proposal]) -> Iterator[str]:
    """What the forge made of the plan."""
    for proposal in proposals:
        why = f": {proposal.reason}" if proposal.reason else ""
        yield f"{proposal.outcome.value}: {proposal.url or proposal.branch}{why}"
