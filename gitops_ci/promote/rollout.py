"""From one transfer to all places of the target: its clusters in waves, one wave at a time."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.promote.candidates import Judge, Question
from gitops_ci.promote.outcome import Outcome
from gitops_ci.promote.plan import Left
from gitops_ci.promote.side import Side
from gitops_ci.promote.slots import Place
from gitops_ci.promote.transfer import Transfer
from gitops_ci.promote.waves import waves_of


class Rollout(Struct, frozen=True):
    """How the environment `target` takes what a transfer brings."""

    config: Config
    target: Side
    judge: Judge

    def outcome(self, transfer: Transfer, apps: tuple[str, ...]) -> Outcome:
        """What happens at all places of `apps`."""
        outcome = Outcome()
        for app in apps:
            outcome.add(self._app(transfer, app))
        return outcome

    def _app(self, transfer: Transfer, app: str) -> Outcome:
        outcome = Outcome()
        before: list[Place] = []
        waits = ""
        for wave in waves_of(self.config, self.target.environment, self.target.places(app)):
            here = Outcome()
            for place in wave:
                here.add(transfer.to(place))
            if here.moves and not waits and before:
                waits = self._closed(tuple(before))
            if waits and here.moves:
                moving = dict.fromkeys(move.place for move in here.moves)
                here.left += [Left(place, None, waits) for place in moving]
                here.moves.clear()
            outcome.add(here)
            if here.moves:
                waits = f"waits for {_named(here.moves[0].place)}, which is in an earlier wave"
            before += wave
        return outcome

    def _closed(self, earlier: tuple[Place, ...]) -> str:
        """Why the clusters of earlier waves do not let the next one go on yet, or empty."""
        name = self.target.environment
        timeline = self.target.timeline(earlier)
        if not timeline.epochs:
            return ""
        question = Question(name, name, (earlier[0].app,), timeline.epochs[-1])
        closed = [verdict for verdict in self.judge(question) if not verdict.is_open]
        return f"the wave before it: {closed[0].text}" if closed else ""


def _named(place: Place) -> str:
    return place.variant or str(place)
