"""The report onto the pull request: one summary comment, remarks on its lines.

What the token may not write is said in the log, with the permission to add, and appears as an
annotation instead. The verdict never depends on it.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.model_checks import ReportConfig
from gitops_ci.forge.port import GITLAB as ON_GITLAB
from gitops_ci.forge.port import Service
from gitops_ci.model.errors import ConflictError
from gitops_ci.model.forge_errors import ForbiddenError, ForgeError, RefusedError
from gitops_ci.model.pull_request import PullRequest, PullState
from gitops_ci.model.report import Report, Status
from gitops_ci.output.sink import Level
from gitops_ci.report.markdown import comment
from gitops_ci.report.port import ReportContext
from gitops_ci.report.review.marks import Run, Sticky
from gitops_ci.report.review.remarks import Diff, Remarks, plan_remarks
from gitops_ci.report.review.sticky import plan_comment, plan_joining
from gitops_ci.report.review.suggestion import GITHUB, GITLAB
from gitops_ci.steps.world import World
from gitops_ci.steps.writing_guard import is_target

NOTHING: frozenset[str] = frozenset()
_MOST_RESOLVED = 10
"""Threads that one run marks as done; the next run goes on."""


class Publishing(Struct, frozen=True):
    """What is published: `name` tells the summaries of several jobs apart, `head` is the commit
    that was looked at, `text` gives the bytes of a file there."""

    report: Report
    context: ReportContext
    config: ReportConfig
    name: str
    head: str
    text: Callable[[str], bytes | None]


def publish(what: Publishing, world: World, number: int) -> frozenset[str]:
    """Bring comment and remarks up to date on the pull request `number`, 0 for none. The
    ids of the findings that have a remark on a line then. A run of a fork's own pull
    request writes nothing and does not try."""
    config = what.config
    if world.context.fork or is_target(world):
        world.sink.log("nothing is published: a stranger's change may not write", Level.INFO)
        return NOTHING
    if not number or (config.comment == "off" and config.inline != "review"):
        return NOTHING
    try:
        service = world.forges.service()
        if service is None:
            return NOTHING
        pull = service.pull(number)
    except ForgeError as error:
        _say(error, "the pull request cannot be read", world)
        return NOTHING
    if pull.state is not PullState.OPEN:
        world.sink.log(f"nothing is published: it is {pull.state.value} by now", Level.WARNING)
        return NOTHING
    if pull.head_sha != what.head:
        world.sink.log(
            f"nothing is published: the head is {pull.head_sha[:10]} by now", Level.WARNING
        )
        return NOTHING
    _comment(what, pull, service, world)
    return _review(what, pull, service, world)


def _comment(what: Publishing, pull: PullRequest, service: Service, world: World) -> None:
    if what.config.comment == "off":
        return
    mark = Sticky(what.name, Run(*world.context.run), what.head)
    lasting = replace(what.context, seconds=None)
    text = world.sink.redactor.text(comment(what.report, lasting))
    keep = what.config.comment == "sticky"
    try:
        comments = service.comments(pull.number)
        write = plan_comment(mark, text, comments, matters=_matters(what.report), keep=keep)
        if write is None:
            return
        if write.comment is not None:
            service.edit_comment(pull.number, write.comment, write.body)
            return
        service.add_comment(pull.number, write.body, str(mark))
    except ForgeError as error:
        _say(error, "the summary comment was not written", world)
        return
    if keep:
        _join(mark, pull, service, world)


def _join(mark: Sticky, pull: PullRequest, service: Service, world: World) -> None:
    """Leave one comment where another run wrote its first at the same moment."""
    try:
        joined = plan_joining(mark, service.comments(pull.number))
        if joined is None:
            return
        if joined.body:
            service.edit_comment(pull.number, joined.kept, joined.body)
        for other in joined.others:
            service.delete_comment(pull.number, other)
    except ForgeError as error:
        _say(error, "two summary comments may stand there", world)


def _matters(report: Report) -> bool:
    """Whether there is something to say that is worth a first comment."""
    return bool(report.shown) or report.status is not Status.PASS


def _review(what: Publishing, pull: PullRequest, service: Service, world: World) -> frozenset[str]:
    if what.config.inline != "review":
        return NOTHING
    try:
        threads = service.threads(pull.number)
        files = service.pull_files(pull.number) if what.report.shown else ()
        remarks = plan_remarks(
            what.report.shown,
            Diff.of(files),
            threads,
            what.text,
            GITLAB if service.name == ON_GITLAB else GITHUB,
            what.config.max_inline,
        )
    except ForgeError as error:
        _say(error, "the lines of the pull request got no remarks", world)
        return NOTHING
    _resolve(remarks, pull, service, world)
    return _post(remarks, pull, service, world)


def _post(remarks: Remarks, pull: PullRequest, service: Service, world: World) -> frozenset[str]:
    if not remarks.new:
        return remarks.placed
    redact = world.sink.redactor.text
    new = [replace(item, body=redact(item.body)) for item in remarks.new]
    try:
        service.add_review(pull, "", new)
    except (RefusedError, ConflictError) as error:
        world.sink.log(f"the remarks were not taken: {error.message}", Level.WARNING)
        return NOTHING
    except ForgeError as error:
        _say(error, "the lines of the pull request got no remarks", world)
        return NOTHING
    return remarks.placed


def _resolve(remarks: Remarks, pull: PullRequest, service: Service, world: World) -> None:
    """Fixed findings: their threads are done. Not being allowed to say so is no trouble."""
    try:
        for thread in remarks.done[:_MOST_RESOLVED]:
            service.resolve(pull.number, thread)
    except ForgeError as error:
        world.sink.log(f"a thread was not marked as done: {error.message}", Level.INFO)


def _say(error: ForgeError, what: str, world: World) -> None:
    world.sink.log(f"{what}: {error.message}", Level.WARNING)
    if isinstance(error, ForbiddenError) and error.permission:
        world.sink.log(f"  add to the job:  permissions: {{{error.permission}}}", Level.WARNING)
    elif error.hint:
        world.sink.log(f"  {error.hint}", Level.WARNING)
