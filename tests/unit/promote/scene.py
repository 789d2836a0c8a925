"""A repository with a history, and what a promotion makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from gitops_ci.config.load import load
from gitops_ci.forge.files import changed_files
from gitops_ci.promote.bump.overlays import possible_entries
from gitops_ci.promote.bump.request import filters_of
from gitops_ci.promote.epochs import Timeline, epochs_of, timeline
from gitops_ci.promote.plan import Plan
from gitops_ci.promote.planner import plan_promotion
from gitops_ci.promote.request import Request, edges_of
from gitops_ci.promote.side import Side
from gitops_ci.promote.slots import Place
from gitops_ci.promote.soaking import soak_judge
from tests.unit.promote.places import CONFIG, Files, history, sight


class Scene:
    """What was committed, step by step: (seconds, files). An empty text removes a file."""

    def __init__(self, *steps: tuple[int, Files]) -> None:
        self.files: dict[str, str] = {}
        for _, files in steps:
            self.files.update(files)
        self.files = {path: text for path, text in self.files.items() if text}
        self._history = history(steps)
        self._sight = sight(self.files)
        loaded = load(lambda path: self.files[path].encode() if path in self.files else None, "")
        self.config = loaded.config

    def plan(
        self,
        source: str = "",
        target: str = "",
        *,
        apps: Sequence[str] = (),
        paths: Sequence[str] = (),
        now: int = 1_000,
        version: str = "",
        scaffold: bool = False,
    ) -> Plan:
        """The plan at `now`."""
        request = Request(
            edges_of(self.config, source, target),
            filters_of((), apps, paths),
            version,
            newest=self.config.promote.candidate == "newest",
            scaffold=scaffold,
        )
        judge = soak_judge(self.config, datetime.fromtimestamp(now, UTC))
        return plan_promotion(request, self.side, self.config, judge)

    def side(self, environment: str) -> Side:
        """The environment as the planner sees it."""
        seen = self._sight
        return Side(
            environment,
            seen.states_of(environment),
            seen.observed.source,
            self._timeline,
            seen.survey.spots,
            frozenset(self.files),
            lambda name: possible_entries(name, environment, seen.observed.sites, seen.overlays),
        )

    def _timeline(self, places: tuple[Place, ...]) -> Timeline:
        states = self._sight.states
        return timeline(epochs_of({p: self._history.standings(p, states[p].paths) for p in places}))

    def after(self, plan: Plan) -> dict[str, str]:
        """The files that the plan changes, as they are then."""
        data = {path: text.encode() for path, text in self.files.items()}
        return {
            item.path: (item.after or b"").decode() for item in changed_files(plan.edits, data.get)
        }


def told(plan: Plan) -> dict[str, list[str]]:
    """What the plan says, in few words."""
    parts = {
        "moves": [
            f"{m.place} {m.name.rpartition('/')[2]} {m.before} {m.after}" for m in plan.moves
        ],
        "done": [str(place) for place, _ in plan.done],
        "left": [f"{item.place}: {item.reason}" for item in plan.left],
        "refused": [f"{item.place}: {item.reason}" for item in plan.refused],
    }
    return {key: lines for key, lines in parts.items() if lines}


def configured(text: str, files: Files) -> Files:
    """The files with their configuration."""
    return {CONFIG: text, **files}


def joined(*files: Files) -> Files:
    """All of the files."""
    found: dict[str, str] = {}
    for part in files:
        found.update(part)
    return found
