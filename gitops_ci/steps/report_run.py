"""The work of `report`: read, put together, publish, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec.structs import replace

from gitops_ci.findings.threshold import exit_code
from gitops_ci.model.errors import IncompleteError, UsageError
from gitops_ci.model.finding import Finding
from gitops_ci.model.forge_errors import ForgeError
from gitops_ci.model.regex import regex
from gitops_ci.model.report import Judged, Report
from gitops_ci.model.rule import Rule
from gitops_ci.output.sink import Level
from gitops_ci.report.merge import merged
from gitops_ci.report.read_v1 import MOST_BYTES, ReportError, read, relocated
from gitops_ci.steps.comparison import comparison
from gitops_ci.steps.delivery import Delivery, deliver
from gitops_ci.steps.governing import rulers
from gitops_ci.steps.reading import reader
from gitops_ci.steps.report import Inputs
from gitops_ci.steps.rule_book import KNOWN
from gitops_ci.steps.world import World
from gitops_ci.steps.writing_guard import refuse_target

_SHA = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_MOST_FILES = 1_000


def report(inputs: Inputs, world: World) -> int:
    """The exit code of the verdict. Raises IncompleteError for a report that cannot be read: what
    is missing may have been red."""
    if inputs.publish == "auto":
        refuse_target(world, "report")
    foreign = bool(inputs.head)
    if foreign and not _SHA.match(inputs.head):
        raise UsageError(f"--head {inputs.head} is no commit", "40 hexadecimal digits")
    whole = merged([_read(path) for path in _files(inputs, world)])
    text = reader(world.tree)
    whole = _with_rules(whole, _stripped if foreign else _as_told)
    whole = _without_fixes(whole) if foreign else relocated(whole, text)
    config = rulers(world, KNOWN, comparison(world, ""), "").config
    number = _pull_request(inputs.head, world) if foreign else world.context.pull_request
    delivery = Delivery(
        inputs.name,
        inputs.format,
        inputs.output,
        publishes=inputs.publish == "auto" and (not foreign or number > 0),
        head=inputs.head or world.context.head,
        number=number,
    )
    deliver(whole, delivery, world, config, text)
    return exit_code(whole)


def _files(inputs: Inputs, world: World) -> Iterator[Path]:
    """The files that are named, and those in directories that are named."""
    found: list[Path] = []
    for name in inputs.file:
        path = world.root / name
        if path.is_dir():
            inside = sorted(path.rglob("*.json"))
            if not inside:
                raise IncompleteError(f"there is no report in {name}", "did the check run?")
            found += inside
        else:
            found.append(path)
    if len(found) > _MOST_FILES:
        raise UsageError(f"more than {_MOST_FILES} reports", "name the directory that holds them")
    yield from found


def _read(path: Path) -> Report:
    try:
        if path.is_symlink() or not path.is_file():
            raise IncompleteError(f"{path.name} is no file", "did the check run?")
        if path.stat().st_size > MOST_BYTES:
            raise IncompleteError(f"{path.name} is larger than 64 MiB")
        return read(path.read_bytes())
    except OSError as error:
        raise IncompleteError(f"{path.name} cannot be read: {error.strerror}") from error
    except ReportError as error:
        raise IncompleteError(
            f"{path.name}: {error}", "write it with --output json=PATH"
        ) from error


def _with_rules(report: Report, other: Callable[[Rule], Rule]) -> Report:
    """The report with the rules as this version knows them, and `other` of those that it does not
    know: a repository's own policies."""

    def known(judged: Judged) -> Judged:
        rule = judged.finding.rule
        rule = KNOWN.rules.get(rule.id) or other(rule)
        return replace(judged, finding=replace(judged.finding, rule=rule))

    shown, existing = tuple(map(known, report.shown)), tuple(map(known, report.existing))
    return replace(report, shown=shown, existing=existing)


def _as_told(rule: Rule) -> Rule:
    return rule


def _stripped(rule: Rule) -> Rule:
    """The rule without its link: where a fork's report leads to, nobody vouches for."""
    return replace(rule, url="")


def _without_fixes(report: Report) -> Report:
    """The report of a fork, without what a person could apply with one click."""

    def plain(judged: Judged) -> Judged:
        finding: Finding = replace(judged.finding, fix=None)
        return replace(judged, finding=finding)

    return replace(report, shown=tuple(map(plain, report.shown)))


def _pull_request(head: str, world: World) -> int:
    """The number of the one open pull request whose head is the commit; 0 when there is none. What
    an artifact says about its number is not believed."""
    try:
        service = world.forges.service()
        pulls = service.pulls_with_head(head) if service else ()
    except ForgeError as error:
        world.sink.log(f"the pull request was not found: {error.message}", Level.WARNING)
        return 0
    if len(pulls) != 1:
        word = "no open pull request has" if not pulls else f"{len(pulls)} pull requests have"
        world.sink.log(f"nothing is published: {word} the head {head[:10]}", Level.WARNING)
        return 0
    return pulls[0].number
