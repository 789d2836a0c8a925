"""Real adapters for the ports. Nothing else in the package chooses one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from gitops_ci.cli.ci import context_of
from gitops_ci.cli.forges import RealForges
from gitops_ci.cli.parser import Command
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import UsageError
from gitops_ci.model.ports import Progress, Silent
from gitops_ci.output.colour import wants_colour
from gitops_ci.output.progress import TerminalProgress
from gitops_ci.output.sink import Sink, is_terminal
from gitops_ci.render.programs import LocalPrograms
from gitops_ci.repo.disk import DiskTree
from gitops_ci.steps.forge_approvals import ForgeApprovals
from gitops_ci.steps.world import World

_MOST_STDIN = 256 * 2**20


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


def world(command: Command, sink: Sink, environ: Mapping[str, str] = os.environ) -> World:
    """The world of a run in the directory that the command names. Raises UsageError."""
    root = Path(command.directory)
    if not root.is_dir():
        raise UsageError(f"{command.directory} is not a directory", "name one with -C")
    root = root.resolve()
    columns = _columns(environ)
    clock = SystemClock()
    context = context_of(environ, _read_text)
    git = Git.discover(root)
    forges = RealForges(root, clock, environ, context, sink)
    return World(
        root=root,
        tree=DiskTree(root, git),
        git=git,
        sink=sink,
        clock=clock,
        forges=forges,
        approvals=ForgeApprovals(forges, context.pull_request, sink),
        progress=_progress(sink, columns, environ),
        programs=LocalPrograms(),
        context=context,
        stdin=_stdin,
        environ=environ,
        given=frozenset(command.given),
        config_file=_config_file(command.config, root),
        colour=wants_colour(environ, tty=is_terminal(sys.stdout.buffer)),
        columns=columns,
    )


def _config_file(named: str, root: Path) -> str:
    """What `--config` names, seen from `root`: relative inside of it, else absolute. Only what lies
    inside has a version in every revision."""
    if not named:
        return ""
    path = Path(os.path.normpath(root / named))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _columns(environ: Mapping[str, str]) -> int:
    """The width of the terminal on stdout: what COLUMNS says, what it is, or 100."""
    if environ.get("COLUMNS", "").isdecimal():
        return max(int(environ["COLUMNS"]), 20)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 100
    except (OSError, ValueError):
        return 100


def _progress(sink: Sink, columns: int, environ: Mapping[str, str]) -> Progress:
    plain = sink.runner or environ.get("TERM") == "dumb"
    if plain or not is_terminal(sys.stderr.buffer):
        return Silent()
    return TerminalProgress(sink, columns=columns)


def _read_text(path: str) -> str:
    return Path(path).read_text("utf-8")


def _stdin() -> bytes:
    data = sys.stdin.buffer.read(_MOST_STDIN + 1)
    if len(data) > _MOST_STDIN:
        raise UsageError("stdin holds more than 256 MiB", "split it, or use --rendered DIR=ENV")
    return data
