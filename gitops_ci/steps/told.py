"""What a run tells later steps of its job: the values of the outputs in `job_outputs`."""

from __future__ import annotations

import json
from collections.abc import Iterable

from gitops_ci.model import exits
from gitops_ci.model.change import Outcome, Proposal


def outputs_of(proposals: Iterable[Proposal]) -> dict[str, str]:
    """The outputs that tell of proposals; the first one that was written stands for all in the
    outputs of a single one."""
    told = list(proposals)
    written = [one for one in told if one.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    first = next(iter(written or told), None)
    outputs = {"changed": _word(bool(written)), "proposals": json.dumps([*map(_told, told)])}
    if first is not None:
        outputs |= {f"pull-request-{name}": str(value) for name, value in _told(first).items()}
    return outputs


def exit_after(*, refused: bool, failed: bool) -> int:
    """The exit code of a command that proposes: some of it is refused, or could not be merged."""
    if refused:
        return exits.FINDINGS
    return exits.ENDPOINT if failed else exits.OK


def changed(*, differs: bool) -> dict[str, str]:
    """The output of a command that only compares."""
    return {"changed": _word(differs)}


def _told(proposal: Proposal) -> dict[str, str | int]:
    return {
        "number": proposal.number or "",
        "url": proposal.url,
        "operation": proposal.outcome.value,
        "head-sha": proposal.commit,
        "branch": proposal.branch,
    }


def _word(value: bool) -> str:  # noqa: FBT001 - the one argument of a conversion
    return "true" if value else "false"
