"""CPU time of this process and of its children; wall time is too noisy on shared machines."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds (user and system) and peak memory in MB."""

    cpu: float
    memory: float = 0.0


def of_call(job: Callable[[], object], times: int = 3) -> Cost:
    """The median cost of calling `job`."""
    costs = []
    for _ in range(times):
        start = time.process_time()
        job()
        costs.append(time.process_time() - start)
    return Cost(median(costs))


def of_command(
    words: Sequence[str | Path], times: int = 1, stdin: bytes = b"", cwd: Path | None = None
) -> Cost:
    """The median cost of running a program; peak memory is that of the largest one."""
    costs, memory = [], 0.0
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [str(word) for word in words], input=stdin, capture_output=True, cwd=cwd, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stderr[-500:]!r}")
        costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        memory = max(memory, after.ru_maxrss / 1024)
    return Cost(median(costs), memory)
