"""The Approvals that the forge of the run knows of."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from gitops_ci.model.errors import UsageError
from gitops_ci.output.sink import Level, Sink

if TYPE_CHECKING:  # every run is wired with this, few ask
    from gitops_ci.forge.port import Forges, Service
    from gitops_ci.model.pull_request import PullRequest
    from gitops_ci.promote.gates.facts import People


class ForgeApprovals:
    """Asks the forge when somebody wants to know, not before. `number` is the pull request of the
    run, 0 when only its head is known; what cannot be read is said in the log."""

    def __init__(self, forges: Forges, number: int, sink: Sink) -> None:
        self._forges, self._number, self._sink = forges, number, sink

    def by_any(self, names: Collection[str], head: str) -> bool:
        """Whether one of them approved `head` by the rules of the approvals gate."""
        from gitops_ci.model.forge_errors import ForgeError

        try:
            people = self._people(head)
        except (ForgeError, UsageError) as error:
            text = f"it is not known who approved {head[:12]}: {error.message}"
            self._sink.log(text, Level.WARNING)
            return False
        return people is not None and any(self._approved(name, people) for name in names)

    def _people(self, head: str) -> People | None:
        from gitops_ci.steps.gate_people import people_of

        service = self._forges.service()
        pull = self._pull(service, head) if service is not None else None
        return people_of(pull, service) if pull is not None and service is not None else None

    def _pull(self, service: Service, head: str) -> PullRequest | None:
        """The pull request that proposes exactly this commit."""
        if self._number:
            pull = service.pull(self._number)
            return pull if pull.head_sha == head else None
        return next(iter(service.pulls_with_head(head)), None)

    def _approved(self, name: str, people: People) -> bool:
        """Each name alone: a team that cannot be read takes nothing from the others."""
        from gitops_ci.config.model_promotion import Approvals as Wanted
        from gitops_ci.promote.gates.people import approvals_gate
        from gitops_ci.promote.gates.verdict import State

        verdict = approvals_gate(Wanted(1, (name,)), people)
        if verdict.state is State.UNREADABLE:
            text = f"an approval by {name} does not count: {verdict.text}"
            self._sink.log(text, Level.WARNING)
        return verdict.is_open
