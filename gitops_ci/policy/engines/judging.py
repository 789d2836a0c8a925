"""Rendered objects before the engines: once for each environment, verdicts to findings."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from gitops_ci.model.finding import Finding
from gitops_ci.model.rule import Rule
from gitops_ci.model.skip import Skip
from gitops_ci.policy import rules
from gitops_ci.policy.engines.port import EngineFailedError, Sent, Verdict
from gitops_ci.policy.engines.station import Station
from gitops_ci.policy.engines.workplace import Workplace
from gitops_ci.policy.fault import Fault
from gitops_ci.render.blame import finding_of
from gitops_ci.render.objects import Rendered, RenderedObject, Root
from gitops_ci.render.programs import Programs, confined
from gitops_ci.repo.tree import Tree
from gitops_ci.tools.run import MissingProgramError

_KIND = ("kind",)
_MOST_RUNS = 64
"""How many runs may be spent on finding the objects over which a policy fails."""


class Judged(Struct, frozen=True):
    """What an engine gave: findings, and what it could not do."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skip, ...] = ()


class _Thing(Struct, frozen=True):
    """An object and the root that shows it."""

    rendered: RenderedObject
    root: Root


class Bench(Struct, frozen=True):
    """The means of all runs: the tree that holds the policies, and the programs."""

    tree: Tree
    programs: Programs
    network: bool = False


def judge(station: Station, rendered: Iterable[Rendered], bench: Bench) -> Judged:
    """The objects of every environment before one engine. Raises BrokenPolicyError."""
    label = station.engine.name
    if station.binary is None:
        detail = f"the policies of {label} need {station.engine.program}, and it is not there"
        return Judged((), (Skip(station.place.path, "missing-tool", detail),))
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="gitops-ci-") as name:
        place = Workplace(Path(name))
        files = place.bring(bench.tree, station.engine.files)
        arranged = station.engine.arranged(files)
        place.arrange(arranged)
        words = station.engine.words(arranged)
        for environment, things in _by_environment(rendered).items():
            try:
                findings += _Run(station, bench, place, words, files, things).findings()
            except EngineFailedError as error:
                where = f" on {environment}" if environment else ""
                detail = f"{label} gave no verdict{where}: {error.message}"
                return Judged(
                    tuple(findings),
                    (Skip(station.place.path, error.reason or rules.FAILED_REASON, detail),),
                )
    return Judged(tuple(findings))


def _by_environment(rendered: Iterable[Rendered]) -> dict[str, dict[int, _Thing]]:
    """The objects by environment, numbered."""
    result: dict[str, dict[int, _Thing]] = {}
    for item in rendered:
        things = result.setdefault(item.root.environment, {})
        for thing in item.objects:
            things[len(things)] = _Thing(thing, item.root)
    return {name: result[name] for name in sorted(result) if result[name]}


class _Run:
    """One engine on the objects of one environment."""

    def __init__(
        self,
        station: Station,
        bench: Bench,
        place: Workplace,
        words: tuple[str, ...],
        files: Mapping[str, bytes],
        things: Mapping[int, _Thing],
    ) -> None:
        self._station = station
        self._bench = bench
        self._place = place
        self._words = words
        self._files = files
        self._things = things
        self._runs = 0

    def findings(self) -> Iterator[Finding]:
        """A finding for each verdict, and for each object without one."""
        yield from self._judged(tuple(self._things))

    def _judged(self, numbers: tuple[int, ...]) -> Iterator[Finding]:
        objects = {number: self._things[number].rendered for number in numbers}
        station = self._station
        sent = {}
        for number, value in self._place.lay_out(objects, station.engine, mask=station.masked):
            if value is None:
                yield self._unjudged(number, "it cannot be written as JSON")
            else:
                sent[number] = value
        if not sent:
            return
        try:
            verdicts = self._asked(Sent(sent, self._place.home, self._files))
        except EngineFailedError as error:
            if not error.evaluating or self._runs >= _MOST_RUNS:
                raise
            yield from self._without(tuple(sent), error)
            return
        yield from (self._finding(verdict) for verdict in verdicts)

    def _without(self, numbers: tuple[int, ...], error: EngineFailedError) -> Iterator[Finding]:
        """The findings of the objects other than those over which the engine fails."""
        if len(numbers) == 1:
            yield self._unjudged(numbers[0], error.message)
            return
        half = len(numbers) // 2
        yield from self._judged(numbers[:half])
        yield from self._judged(numbers[half:])

    def _asked(self, sent: Sent) -> tuple[Verdict, ...]:
        self._runs += 1
        station = self._station
        assert station.binary is not None
        try:
            outcome = self._bench.programs.run(
                [station.binary, *self._words],
                cwd=self._place.cwd,
                timeout=station.timeout,
                env=confined(self._place.private, network=self._bench.network),
            )
        except MissingProgramError as error:
            raise EngineFailedError(str(error), reason="missing-tool") from error
        if outcome.timed_out:
            message = f"it did not finish within {station.timeout:g} seconds"
            raise EngineFailedError(message, reason="timeout")
        if outcome.truncated:
            raise EngineFailedError("it printed more than anybody reads", reason="too-large")
        return tuple(dict.fromkeys(station.engine.verdicts(outcome, sent)))

    def _finding(self, verdict: Verdict) -> Finding:
        station, thing = self._station, self._things[verdict.number]
        rule = Rule(
            f"policy/{station.engine.name}.{verdict.policy}",
            f"A policy of {station.engine.name}",
            station.severity,
            url=verdict.url,
        )
        fault = Fault(rule, verdict.route or _KIND, verdict.message, verdict.hint, verdict.severity)
        return finding_of(fault, thing.rendered, thing.root)

    def _unjudged(self, number: int, message: str) -> Finding:
        thing = self._things[number]
        words = f"{self._station.engine.name} gave no verdict: {message}"
        return finding_of(Fault(rules.NO_VERDICT, _KIND, words), thing.rendered, thing.root)
