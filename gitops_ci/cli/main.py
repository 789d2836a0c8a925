"""The command `gitops-ci`: parse, wire, run, exit."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from gitops_ci.cli.failure import reported
from gitops_ci.cli.parser import HelpRequestedError, inputs_of, parse
from gitops_ci.cli.process import short_lived
from gitops_ci.model import exits
from gitops_ci.output.sink import Level, Sink, standard


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (by default the process's own) asks for; returns the exit code
    and never raises."""
    words = list(sys.argv[1:] if argv is None else argv)
    sink = standard(runner=os.environ.get("GITHUB_ACTIONS") == "true")
    return short_lived(lambda: reported(sink, words, lambda: run(words, sink)))


def run(
    words: Sequence[str],
    sink: Sink,
    environ: Mapping[str, str] = os.environ,
    outputs: dict[str, str] | None = None,
) -> int:
    """Run the command, which adds its outputs to `outputs`; raises GitopsError and whatever a bug
    raises."""
    try:
        command = parse(words)
    except HelpRequestedError as help_text:
        sink.result(help_text.text)
        return exits.OK
    from gitops_ci.cli import wire

    sink.level = Level.of(command.log_level)
    world = wire.world(command, sink, environ)
    inputs = inputs_of(command.entry, command.given)
    code = command.entry.load().run(inputs, world)
    if outputs is not None:
        outputs.update(world.outputs)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
