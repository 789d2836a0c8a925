"""The report to everybody who wants it. A report that cannot be delivered never changes the
verdict."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.findings.threshold import NEVER
from gitops_ci.model.errors import UsageError
from gitops_ci.model.report import Judged, Report
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location
from gitops_ci.output.colour import Palette
from gitops_ci.output.files import OutputError
from gitops_ci.output.sink import Level
from gitops_ci.report.annotations import annotations_of
from gitops_ci.report.formats import FORMATS, reporter
from gitops_ci.report.identity import with_unique_ids
from gitops_ci.report.port import ReportContext
from gitops_ci.steps.context import Forge
from gitops_ci.steps.world import World

_OWN = frozenset({"text", "json"})
"""Formats whose paths are those of the command line; the others are for forges, which want them
relative to the top of the repository."""


class Delivery(Struct, frozen=True):
    """Where a report goes: `format` to stdout, the `outputs` (format=path) to files, and with
    `publishes` onto the pull request `number` if its head is `head`. `name` is the command, or
    what else tells reports apart; `seconds` is how long the run took."""

    name: str
    format: str
    outputs: tuple[str, ...] = ()
    publishes: bool = False
    head: str = ""
    number: int = 0
    seconds: float | None = None


class Wanted(Protocol):
    """The options of a step that say where its report goes."""

    @property
    def format(self) -> str:
        """What goes to stdout."""
        ...

    @property
    def output(self) -> tuple[str, ...]:
        """Further reports, each as FORMAT=PATH."""
        ...

    @property
    def publish(self) -> str:
        """`auto` or `never`."""
        ...


def delivery_of(wanted: Wanted, world: World, command: str, seconds: float) -> Delivery:
    """The delivery of a report on the head of this run."""
    return Delivery(
        command,
        wanted.format,
        wanted.output,
        publishes=wanted.publish == "auto",
        head=world.context.head,
        number=world.context.pull_request,
        seconds=seconds,
    )


def deliver(
    report: Report,
    delivery: Delivery,
    world: World,
    config: Config,
    text: Callable[[str], bytes | None],
) -> None:
    """Print the report, write the files, bring the pull request up to date, and annotate on
    GitHub's runner what has no remark there. `text` gives the bytes of a file for excerpts."""
    prefix = world.git.prefix() if world.git else ""
    outside = rebased(report, prefix)
    context = ReportContext(
        source=text,
        command=delivery.name,
        fail_on=None if config.report.fail_on == NEVER else Severity.of(config.report.fail_on),
        fail_on_existing=config.report.fail_on_existing,
        seconds=delivery.seconds,
        started=world.clock.now(),
    )
    published = replace(
        context, source=lambda path: text(path.removeprefix(prefix)), link=_links(world)
    )
    for name, path in outputs(delivery.outputs):
        told = (report, context) if name in _OWN else (outside, published)
        try:
            world.sink.save(_target(world.root, path), reporter(name).render(*told))
        except OutputError as error:
            world.sink.log(f"the {name} report was not written: {error.message}", Level.ERROR)
    context = replace(context, palette=Palette(world.colour), columns=world.columns)
    world.sink.result(reporter(delivery.format).render(report, context))
    if delivery.publishes:
        _annotate(
            _without(outside, _published(outside, published, delivery, world, config)),
            config,
            world,
        )


def _published(
    report: Report, context: ReportContext, delivery: Delivery, world: World, config: Config
) -> frozenset[str]:
    """The fingerprints of the findings that have a remark on the pull request then."""
    if not delivery.number:
        return frozenset()
    from gitops_ci.steps.publish import Publishing, publish

    prefix = world.git.prefix() if world.git else ""
    name = f"{delivery.name}/{prefix}".rstrip("/")
    what = Publishing(report, context, config.report, name, delivery.head, context.source)
    return publish(what, world, delivery.number)


def _annotate(report: Report, config: Config, world: World) -> None:
    if world.context.forge is Forge.GITHUB and config.report.inline != "off":
        for annotation in annotations_of(report):
            world.sink.command(annotation)


def rebased(report: Report, prefix: str) -> Report:
    """The report with paths relative to the top of the repository, as forges want them, not to the
    directory that was checked."""
    if not prefix:
        return report

    def moved(place: Location) -> Location:
        return replace(place, path=prefix + place.path)

    def of(judged: Judged) -> Judged:
        finding = judged.finding
        related = tuple(replace(item, location=moved(item.location)) for item in finding.related)
        fix = finding.fix and replace(
            finding.fix,
            edits=tuple(replace(edit, path=prefix + edit.path) for edit in finding.fix.edits),
        )
        place = moved(finding.location)
        return replace(judged, finding=replace(finding, location=place, related=related, fix=fix))

    shown, existing = map(of, report.shown), map(of, report.existing)
    return replace(report, shown=tuple(shown), existing=tuple(existing))


def _without(report: Report, placed: frozenset[str]) -> Report:
    """The report without the findings that have a remark on their line already."""
    items = with_unique_ids(report.shown)
    return replace(report, shown=tuple(one for identity, one in items if identity not in placed))


def _links(world: World) -> Callable[[str, int], str]:
    """The address of a line at the head; empty outside of the web."""
    blob = world.context.blob
    return lambda path, line: f"{blob}{quote(path)}#L{line}" if blob else ""


def outputs(texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(format, path) of each --output. Raises UsageError."""
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise UsageError(f"--output {text} is not FORMAT=PATH", "such as sarif=report.sarif")
        if name not in FORMATS:
            raise UsageError(f"--output {text}: there is no format {name!r}", ", ".join(FORMATS))
        yield name, path


def _target(root: Path, path: str) -> Path:
    """Output paths are relative to the caller's directory."""
    return Path(os.path.abspath(path)) if os.path.isabs(path) else root / path
