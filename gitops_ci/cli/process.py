"""A process for one run."""

from __future__ import annotations

import gc
from collections.abc import Callable


def short_lived(job: Callable[[], int]) -> int:
    """The exit code of `job`, run without the garbage collector: a run builds large trees without
    cycles and ends soon, so collecting would only cost time."""
    gc.disable()
    code = job()
    # the interpreter collects once more when it ends, unless there is nothing left to look through
    gc.freeze()
    return code
