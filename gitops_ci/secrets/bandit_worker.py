"""Runs bandit over the Python files of a folder and prints what it found as JSON.

Started as a program of its own: bandit keeps its plugins in globals, and a file may make it hang.
Its arguments are the folder's path, and the seconds of processor time that one file may take. Needs
bandit; nothing else of this package.
"""

from __future__ import annotations

import importlib
import json
import logging
import signal
import sys
from types import FrameType
from typing import Any

_PARTS = ("config", "constants", "manager")


class _TakesTooLongError(BaseException):
    """No plain exception: bandit takes those for faults of one check and goes on."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _TakesTooLongError


def findings_in(folder: str, limit: float) -> dict[str, Any]:
    """`results`: test id, severity, file, line and lines of each; `skipped`: file and reason."""
    config, constants, manager = (importlib.import_module(f"bandit.core.{name}") for name in _PARTS)

    logging.disable(logging.CRITICAL)
    made = manager.BanditManager(config.BanditConfig(None), "file", quiet=True, ignore_nosec=True)
    made.discover_files([folder], recursive=True)
    late = _run(made, limit)
    issues = made.get_issue_list(sev_level=constants.LOW, conf_level=constants.LOW)
    return {
        "results": [
            {
                "id": issue.test_id,
                "severity": issue.severity,
                "file": issue.fname,
                "line": issue.lineno,
                "lines": list(issue.linerange),
                "column": max(issue.col_offset, 0) + 1,
            }
            for issue in issues
        ],
        "skipped": [
            *(list(item) for item in made.skipped),
            *([file, f"it takes more than {limit:g} seconds"] for file in late),
        ],
    }


def _run(made: Any, limit: float) -> list[str]:
    """Run the checks over each file; the files that took too long."""
    late = []
    signal.signal(signal.SIGVTALRM, _stop)
    made.metrics.aggregate = lambda: None  # sums over all files, after each
    for file in tuple(made.files_list):
        made.files_list = [file]
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, limit)
            made.run_tests()
        except _TakesTooLongError:
            late.append(file)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return late


if __name__ == "__main__":
    json.dump(findings_in(sys.argv[1], float(sys.argv[2])), sys.stdout)
