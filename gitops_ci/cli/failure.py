"""How a run that cannot go on ends: one sentence, the next action, the right exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_ci import __version__
from gitops_ci.model import exits
from gitops_ci.model.errors import ConfigError, GitopsError, UsageError
from gitops_ci.output.sink import Level, Sink

if TYPE_CHECKING:
    from gitops_ci.model.finding import Finding
    from gitops_ci.model.report import Report

BUG_TITLE = "this is a bug in gitops-ci; please report what follows"
_REPORTING = frozenset({"check", "validate", "secrets"})
"""The commands whose options say where reports go."""


def reported(sink: Sink, words: Sequence[str], job: Callable[[], int]) -> int:
    """The exit code of `job`, with every failure said on `sink` in words and delivered to where
    the command line wants reports."""
    try:
        return job()
    except GitopsError as error:
        _say(sink, error)
        _deliver(sink, words, error)
        return error.exit_code
    except KeyboardInterrupt:
        sink.log("interrupted", Level.ERROR)
        return exits.INTERRUPTED
    except RecursionError as error:
        sink.log("error: values are nested too deeply", Level.ERROR)
        _deliver(sink, words, error)
        return exits.BUG
    except Exception as error:
        sink.log(_bug_report(error, words), Level.ERROR)
        _deliver(sink, words, error)
        return exits.BUG


def _deliver(sink: Sink, words: Sequence[str], error: Exception) -> None:
    """The error as a report: on stdout in the data format that is asked for, in every file of
    `--output`, and as annotations. What cannot be written does not change the exit code."""
    from datetime import UTC, datetime

    from gitops_ci.output.files import OutputError
    from gitops_ci.report.annotations import annotations_of
    from gitops_ci.report.formats import reporter
    from gitops_ci.report.port import ReportContext

    report, context = _report(error), ReportContext(started=datetime.now(UTC))
    reporting = not _REPORTING.isdisjoint(words)
    for name, path in _outputs(words) if reporting else ():
        try:
            sink.save(path, reporter(name).render(report, context))
        except OutputError as trouble:
            sink.log(f"the {name} report was not written: {trouble.message}", Level.ERROR)
    wanted = next(_values(words, "--format"), "text")
    if wanted == "json" or (reporting and wanted != "text" and _is_format(wanted)):
        sink.result(reporter(wanted).render(report, context))
    if sink.runner:
        for annotation in annotations_of(report):
            sink.command(annotation)


def _is_format(name: str) -> bool:
    from gitops_ci.report.formats import FORMATS

    return name in FORMATS


def _values(words: Sequence[str], flag: str) -> Iterator[str]:
    """What the command line gives for an option, read without trusting the parser."""
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word.startswith(f"{flag}="):
            yield word.removeprefix(f"{flag}=")
        elif word == flag and following:
            yield following


def _outputs(words: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """(format, file) of each --output that makes sense; files are relative to the folder of -C."""
    root = Path(next(_values(words, "-C"), "."))
    for text in _values(words, "--output"):
        name, _, path = text.partition("=")
        if path and _is_format(name):
            yield name, Path(os.path.abspath(root / path))


def _say(sink: Sink, error: GitopsError) -> None:
    if isinstance(error, ConfigError):
        for finding in error.findings:
            sink.log(_place(finding) + finding.message, Level.ERROR)
            if finding.hint:
                sink.log(f"  {finding.hint}", Level.ERROR)
        return
    sink.log(f"error: {error.message}", Level.ERROR)
    if error.hint:
        sink.log(f"  {error.hint}", Level.ERROR)


def _place(finding: Finding) -> str:
    span = finding.location.span
    where = f":{span.line}:{span.column}" if span else ""
    return f"{finding.location.path}{where}: " if finding.location.path else "error: "


def _report(error: Exception) -> Report:
    """The report of a run that ended with `error`, which is its finding."""
    from gitops_ci.model.report import Judged, Report, Status

    asked_wrongly = isinstance(error, UsageError)
    status = Status.FAIL if asked_wrongly else Status.INCOMPLETE
    judged = tuple(Judged(item, _fingerprint(item)) for item in _findings(error))
    return Report(status, judged)


def _findings(error: Exception) -> tuple[Finding, ...]:
    from gitops_ci.model.finding import found
    from gitops_ci.model.span import Location
    from gitops_ci.steps.rules import BY_EXIT

    if isinstance(error, ConfigError):
        return error.findings
    if isinstance(error, GitopsError):
        rule = BY_EXIT[error.exit_code]
        return (found(rule, error.message, Location(""), hint=error.hint),)
    return (found(BY_EXIT[exits.BUG], type(error).__name__, Location("")),)


def _fingerprint(finding: Finding) -> str:
    import hashlib

    identity = f"{finding.rule.id}\0{finding.location.path}\0{finding.message}"
    return hashlib.sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _bug_report(error: Exception, words: Sequence[str]) -> str:
    """Paste-ready: versions and the traceback, no value of the repository or the environment."""
    import platform
    import traceback

    frames = "".join(traceback.format_tb(error.__traceback__))
    return (
        f"error: {BUG_TITLE}\n\n"
        f"gitops-ci {__version__}, Python {platform.python_version()}, {sys.platform}\n"
        f"command: {words[0] if words else ''}\n{frames}{type(error).__name__}: {error}"
    )
