"""The work of `rules test`: own cases through the whole of the policy part, and Kyverno's tests."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.cel.engine import EXTRA, is_installed
from gitops_ci.findings.engine import Inputs as Judging
from gitops_ci.findings.engine import judge
from gitops_ci.model import exits
from gitops_ci.model.errors import ConfigError, IncompleteError, UsageError
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import SkipClass
from gitops_ci.output.terminal import visible
from gitops_ci.policy.cases import NAMES, Case, cases_in, differences
from gitops_ci.policy.kyverno_suites import suites_in
from gitops_ci.policy.kyverno_test import Expectation
from gitops_ci.policy.kyverno_test import run as run_suite
from gitops_ci.render.objects import Rendered, Root, RootKind
from gitops_ci.render.plain import objects_in
from gitops_ci.repo.affected import Selection
from gitops_ci.repo.files import Files
from gitops_ci.repo.paths import within
from gitops_ci.repo.tree import UnreadableError
from gitops_ci.steps import governing
from gitops_ci.steps.check import Inputs as CheckInputs
from gitops_ci.steps.checking import means_of, own_of
from gitops_ci.steps.examine import Means, examine
from gitops_ci.steps.finished import Finished
from gitops_ci.steps.inside import inside
from gitops_ci.steps.rule_book import KNOWN
from gitops_ci.steps.rules_test import Inputs
from gitops_ci.steps.settings import settled
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.versions import versions_of
from gitops_ci.steps.world import World


class _Outcome(Struct, frozen=True):
    """One expectation: the line to say when it is not met, and how data tells of it; `unclear`
    says that nobody knows."""

    row: Mapping[str, object]
    faults: tuple[str, ...] = ()
    unclear: bool = False


def test(inputs: Inputs, world: World) -> int:
    """Run every test at or below the directories, and say what does not come out as expected."""
    directories = [inside(name, world) for name in inputs.directory or (".",)]
    try:
        outcomes = [
            *_of_cases(directories, world),
            *(item for name in directories for item in _of_suites(Files(world.tree), name)),
        ]
    except UnreadableError as error:
        raise UsageError(f"{error.path}: {error}") from error
    world.progress.end()
    if not outcomes:
        names = f"such as a kyverno-test.yaml or a {NAMES[0]}"
        raise UsageError("there is no test file of policies", names)
    if inputs.format == "json":
        world.sink.result(json.dumps([item.row for item in outcomes], indent=1))
    else:
        world.sink.result("\n".join(visible(line) for line in _lines(outcomes)))
    if any(item.unclear for item in outcomes):
        return exits.INCOMPLETE
    return exits.FINDINGS if any(item.faults for item in outcomes) else exits.OK


def _of_cases(directories: Iterable[str], world: World) -> Iterator[_Outcome]:
    """Cases of our own; without any nothing is prepared."""
    paths = [
        entry.path
        for entry in world.tree.entries()
        if posixpath.basename(entry.path) in NAMES
        and any(within(entry.path, directory) for directory in directories)
    ]
    if not paths:
        return
    snapshot, means = _prepared(world)
    for path in paths:
        cases, faults = cases_in(snapshot.files.source(path))
        if faults:
            raise ConfigError(faults)
        for case in cases:
            yield _judged(posixpath.dirname(path), case, snapshot, means, world)


def _prepared(world: World) -> tuple[Snapshot, Means]:
    """The repository with its policies, as a check of the policy part has them."""
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
    return snapshot, means


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
        faults = tuple(f"{name}: {skip.reason}: {skip.detail}" for skip in left)
    else:
        judging = Judging(config=snapshot.config, now=world.clock.now(), known=KNOWN)
        shown = [item.finding for item in judge(examined.findings, judging).shown]
        wrong = differences(case, filter(_is_policy, shown))
        faults = tuple(f"{name}: {words}" for words in wrong)
    row = {"path": path, "environment": case.environment, "faults": list(faults)}
    return _Outcome(row, faults, unclear=bool(left))


def _is_policy(finding: Finding) -> bool:
    """Whether the finding is of the file's content and not of its form."""
    return finding.rule.prefix not in ("yaml", "config")


def _of_suites(files: Files, directory: str) -> Iterator[_Outcome]:
    """Test files of Kyverno, for policies in CEL."""
    suites = list(suites_in(files, directory))
    if suites and not is_installed():
        message = "policies in CEL cannot be evaluated"
        raise IncompleteError(message, f"install gitops-ci[{EXTRA}]")
    for suite in suites:
        for item in run_suite(suite):
            yield _Outcome(_row(item), () if item.is_met else (_fault(item),))


def _row(item: Expectation) -> dict[str, object]:
    return {
        "path": item.place.path,
        "line": item.place.line,
        "policy": item.policy,
        "rule": item.rule,
        "kind": item.kind,
        "resource": item.resource,
        "expected": item.expected,
        "got": item.got,
        "message": item.why,
    }


def _fault(item: Expectation) -> str:
    why = f" ({item.why})" if item.why else ""
    about = f"{item.policy} {item.rule}".strip()
    return (
        f"{item.place.path}:{item.place.line}: {about}, {item.kind} {item.resource}:"
        f" expected {item.expected}, got {item.got}{why}"
    )


def _lines(outcomes: list[_Outcome]) -> Iterator[str]:
    """What does not come out, and how many there are."""
    for item in outcomes:
        yield from item.faults
    met = sum(not item.faults for item in outcomes)
    yield f"{met} of {len(outcomes)} expectations are met"
