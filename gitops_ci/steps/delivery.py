"""The report to everybody who wants it. A report that cannot be delivered never changes the
verdict."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from gitops_ci.config.model import Config
from gitops_ci.findings.threshold import NEVER
from gitops_ci.model.errors import UsageError
from gitops_ci.model.report import Report
from gitops_ci.model.severity import Severity
from gitops_ci.output.colour import Palette
from gitops_ci.output.files import OutputError
from gitops_ci.output.sink import Level
from gitops_ci.report.annotations import annotations_of
from gitops_ci.report.formats import FORMATS, reporter
from gitops_ci.report.port import ReportContext
from gitops_ci.steps.context import Forge
from gitops_ci.steps.world import World


class Wanted(Protocol):
    """The options of a step that say which reports are wanted."""

    @property
    def format(self) -> str:
        """What goes to stdout."""
        ...

    @property
    def output(self) -> tuple[str, ...]:
        """Further reports, each as FORMAT=PATH."""
        ...


def deliver(
    report: Report,
    inputs: Wanted,
    world: World,
    config: Config,
    text: Callable[[str], bytes | None],
    seconds: float,
    command: str,
) -> None:
    """Print the report, write the files of --output, and annotate on GitHub's runner. `text` gives
    the bytes of a file for excerpts."""
    context = ReportContext(
        source=text,
        command=command,
        fail_on=None if config.report.fail_on == NEVER else Severity.of(config.report.fail_on),
        fail_on_existing=config.report.fail_on_existing,
        seconds=seconds,
        started=world.clock.now(),
    )
    for name, path in outputs(inputs.output):
        try:
            world.sink.save(_target(world.root, path), reporter(name).render(report, context))
        except OutputError as error:
            world.sink.log(f"the {name} report was not written: {error.message}", Level.ERROR)
    context = replace(context, palette=Palette(world.colour), columns=world.columns)
    world.sink.result(reporter(inputs.format).render(report, context))
    if world.context.forge is Forge.GITHUB:
        for annotation in annotations_of(report):
            world.sink.command(annotation)


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
