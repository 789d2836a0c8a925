"""The work of `rules test`: own cases through the whole of the policy part, and Kyverno's tests."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace

from gitops_ci.cel.engine import EXTRA, is_installed
from gitops_ci.findings.engine import Inputs as Judging
from gitops_ci.findings.engine import judge
from gitops_ci.model import exits
from gitops_ci.model.errors import ConfigError, IncompleteError, UsageError
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip, SkipClass
from gitops_ci.output.terminal import visible
from gitops_ci.policy.cases import NAMES, Case, cases_in, differences
from gitops_ci.policy.kyverno_suites import suites_in
from gitops_ci.policy.kyverno_test import Expectation
from gitops_ci.policy.kyverno_test import run as run_suite
from gitops_ci.render.objects import Rendered, Root, RootKind
from gitops_ci.render.plain import objects_in
from gitops_ci.repo.affected import Selection
from gitops_ci.repo.paths import within
from gitops_ci.repo.tree import UnreadableError
from gitops_ci.report.words import plural
from gitops_ci.steps import governing
from gitops_ci.steps.check import Inputs as CheckInputs
from gitops_ci.steps.checking import means_of, own_of
from gitops_ci.steps.examine import Means, examine
from gitops_ci.steps.finished import Finished
from gitops_ci.steps.rule_book import KNOWN
from gitops_ci.steps.scope import inside
from gitops_ci.steps.settings import settled
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.versions import versions_of
from gitops_ci.steps.world import World

_NOT_EVALUATED = "not evaluated"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """One case: what it is called, and what is wrong; `unclear` says that nobody knows."""

    name: str
    faults: tuple[str, ...] = ()
    unclear: bool = False


def test(folders: tuple[str, ...], world: World) -> int:
    """Run every test at or below the folders, and say how each came out."""
    directories = tuple(inside(folder, world) for folder in folders)
    inputs = CheckInputs(only=("policy",))
    ruling = governing.rulers(world, KNOWN, None, "")
    config = settled(replace(ruling.loaded, config=ruling.config), inputs, world).config
    config = replace(config, kubernetes=versions_of(config))
    snapshot = take_snapshot(world.tree, config, "")
    means = means_of(inputs, world, config, "")
    means = replace(means, own=own_of(means, ruling, config, world))
    if config.policy.custom or config.policy.from_repo:
        from gitops_ci.steps.admission_policies import in_force

        means, unfit = in_force(means, snapshot, ruling, "")
        if unfit:
            raise ConfigError(unfit)
    try:
        outcomes = [
            outcome
            for directory in directories
            for outcome in (
                *_own_cases(directory, snapshot, means, world),
                *_suites(directory, snapshot),
            )
        ]
    except UnreadableError as error:
        raise IncompleteError(f"{error.path}: {error}") from error
    world.progress.end()
    if not outcomes:
        hint = f"write a {NAMES[0]}, or name another folder"
        raise UsageError(f"there is no test at or below {', '.join(folders)}", hint)
    world.sink.result("\n".join(visible(line) for line in _lines(outcomes)))
    if any(item.unclear for item in outcomes):
        return exits.INCOMPLETE
    return exits.FINDINGS if any(item.faults for item in outcomes) else exits.OK


def _own_cases(
    directory: str, snapshot: Snapshot, means: Means, world: World
) -> Iterator[_Outcome]:
    for entry in world.tree.entries():
        if posixpath.basename(entry.path) in NAMES and within(entry.path, directory):
            cases, faults = cases_in(snapshot.files.source(entry.path))
            if faults:
                raise ConfigError(faults)
            for case in cases:
                yield _judged(posixpath.dirname(entry.path), case, snapshot, means, world)


def _judged(folder: str, case: Case, snapshot: Snapshot, means: Means, world: World) -> _Outcome:
    path = posixpath.normpath(posixpath.join(folder, case.file))
    source = snapshot.files.source(path)
    root = Root(path, RootKind.PLAIN, case.environment)
    rendered = Rendered(root, tuple(objects_in(source)), used=frozenset({path}))
    finished = (Finished(rendered, (source,)),)
    examined = examine(snapshot, Selection(()), means, paths=frozenset({path}), finished=finished)
    name = f"{path} ({case.environment})" if case.environment else path
    left = [skip for skip in examined.skipped if skip.klass is SkipClass.INCOMPLETE]
    if left:
        return _Outcome(name, tuple(_words(skip) for skip in left), unclear=True)
    judging = Judging(config=snapshot.config, now=world.clock.now(), known=KNOWN)
    shown = [item.finding for item in judge(examined.findings, judging).shown]
    return _Outcome(name, tuple(differences(case, filter(_is_policy, shown))))


def _is_policy(finding: Finding) -> bool:
    """Whether the finding is of the file's content and not of its form."""
    return finding.rule.prefix not in ("yaml", "config")


def _words(skip: Skip) -> str:
    return f"{skip.reason}: {skip.detail}"


def _suites(directory: str, snapshot: Snapshot) -> Iterator[_Outcome]:
    for suite in suites_in(snapshot.files, directory):
        if not is_installed():
            message = f"{suite.file.path}: policies in CEL cannot be evaluated"
            raise IncompleteError(message, f"install gitops-ci[{EXTRA}]")
        for item in run_suite(suite):
            yield _expected(suite.file.path, item)


def _expected(path: str, item: Expectation) -> _Outcome:
    name = f"{path}:{item.place.line} {item.policy} {item.rule} {item.kind} {item.resource}"
    name = " ".join(name.split())
    if item.is_met:
        return _Outcome(name)
    fault = f"expected {item.expected}, but it is: {item.got}"
    fault += f" ({item.why})" if item.why else ""
    return _Outcome(name, (fault,), unclear=item.got == _NOT_EVALUATED)


def _lines(outcomes: list[_Outcome]) -> Iterator[str]:
    for item in outcomes:
        yield f"{'unclear' if item.unclear else 'FAILED' if item.faults else 'ok':<8}{item.name}"
        yield from (f"        {fault}" for fault in item.faults)
    failed = sum(bool(item.faults) for item in outcomes)
    yield f"{plural(len(outcomes), 'case')}, {failed} not as expected"
