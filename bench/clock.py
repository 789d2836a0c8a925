"""CPU time of this process and of its children; wall time is too noisy on shared machines.

The smallest of several runs counts: what else the machine does can only add to it.
"""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_PEAK = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
print(os.wait4(process.pid, 0)[2].ru_maxrss)
"""


def of_call(job: Callable[[], object], times: int = 3) -> float:
    """The least CPU seconds of calling `job`, without garbage collection, as the program runs."""
    costs = []
    gc.disable()
    try:
        for _ in range(times):
            gc.collect()
            start = time.process_time()
            job()
            costs.append(time.process_time() - start)
    finally:
        gc.enable()
    return min(costs)


def of_command(
    words: Sequence[str | Path], times: int = 1, stdin: bytes = b"", cwd: Path | None = None
) -> float:
    """The least CPU seconds of running a program, what it starts included. Raises RuntimeError
    when it ends with another code than 0 and 1."""
    costs = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            words, input=stdin, capture_output=True, cwd=cwd, check=False, env=_environment()
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stderr[-500:]!r}")
        costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(costs)


def peak_of_command(words: Sequence[str | Path]) -> float:
    """The peak memory of running a program, in MB. Started by a small process, because the kernel
    counts what the starting process held as the peak of the started one."""
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, *words], capture_output=True, check=True, env=_environment()
    )
    return int(done.stdout) / 1024


def _environment() -> dict[str, str]:
    """The environment, with byte code on: an installed program has it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
