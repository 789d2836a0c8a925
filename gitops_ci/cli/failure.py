"""How a run that cannot go on ends: one sentence, the next action, the right exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gitops_ci import __version__
from gitops_ci.model import exits
from gitops_ci.model.errors import ConfigError, GitopsError, UsageError
from gitops_ci.output.sink import Level, Sink

if TYPE_CHECKING:
    from gitops_ci.model.finding import Finding

BUG_TITLE = "this is a bug in gitops-ci; please report what follows"


def reported(sink: Sink, words: Sequence[str], job: Callable[[], int]) -> int:
    """The exit code of `job`, with every failure said on `sink` in words."""
    try:
        return job()
    except GitopsError as error:
        _say(sink, error)
        if wants_json(words):
            sink.result(_json(error))
        return error.exit_code
    except KeyboardInterrupt:
        sink.log("interrupted", Level.ERROR)
        return exits.INTERRUPTED
    except RecursionError:
        sink.log("error: values are nested too deeply", Level.ERROR)
        return exits.BUG
    except Exception as error:
        sink.log(_bug_report(error, words), Level.ERROR)
        if wants_json(words):
            sink.result(_json(error))
        return exits.BUG


def wants_json(words: Sequence[str]) -> bool:
    """Whether the command line asks for JSON on stdout, read without trusting the parser."""
    return any(
        word == "--format=json" or (word == "--format" and following == "json")
        for word, following in zip(words, [*words[1:], ""], strict=False)
    )


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


def _json(error: Exception) -> str:
    """The JSON report of a run that ended with `error`: same shape, the error as its findings."""
    from gitops_ci.model.report import Judged, Report, Status
    from gitops_ci.report.json_v1 import render
    from gitops_ci.report.port import ReportContext

    asked_wrongly = isinstance(error, UsageError)
    status = Status.FAIL if asked_wrongly else Status.INCOMPLETE
    judged = tuple(Judged(item, _fingerprint(item)) for item in _findings(error))
    return render(Report(status, judged), ReportContext())


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
