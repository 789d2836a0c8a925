"""What a step may use of the outside world. Built in `cli/wire.py`; tests build their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from gitops_ci.forge.none import NoForges
from gitops_ci.forge.port import Forges
from gitops_ci.git.repository import Git
from gitops_ci.model.ports import Approvals, Clock, Nobody, Progress
from gitops_ci.output.sink import Sink
from gitops_ci.render.programs import Programs
from gitops_ci.repo.tree import Tree
from gitops_ci.steps.context import RunContext


class World(Struct, frozen=True):
    """The repository at `root`, the streams, the time, the other programs.

    `tree` is the work tree; `git` is None outside a git repository. `environ` holds the variables
    from which settings are read (`GITOPS_CI_*`, `INPUT_*`). `config_file` is what `--config`
    names: relative to `root`, absolute when it lies outside, empty for the usual place. `stdin` is
    read only when a step is asked to. `forges` opens the forges there are, `approvals` tells who
    agreed to the change. `colour` and `columns` describe the terminal on stdout.
    `pause` waits for some seconds.
    A step puts into `outputs` what later steps of the job may want, see `job_outputs`.
    """

    root: Path
    tree: Tree
    git: Git | None
    sink: Sink
    clock: Clock
    progress: Progress
    programs: Programs
    context: RunContext
    stdin: Callable[[], bytes]
    forges: Forges = field(default_factory=NoForges)
    environ: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    config_file: str = ""
    colour: bool = False
    columns: int = 100
    outputs: dict[str, str] = field(default_factory=dict)
    pause: Callable[[float], None] = time.sleep
    approvals: Approvals = field(default_factory=Nobody)
