"""Runs bandit over the Python files of a folder and prints what it found as JSON.

Started as a program of its own: bandit keeps its plugins in globals, and a file may make it hang.
Reads the folder's path from its first argument. Needs bandit; nothing else of this package.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
from typing import Any

_PARTS = ("config", "constants", "manager")


def findings_in(folder: str) -> dict[str, Any]:
    """`results`: test id, severity, file, line and lines of each; `skipped`: file and reason."""
    config, constants, manager = (importlib.import_module(f"bandit.core.{name}") for name in _PARTS)

    logging.disable(logging.CRITICAL)
    made = manager.BanditManager(config.BanditConfig(None), "file", quiet=True, ignore_nosec=True)
    made.discover_files([folder], recursive=True)
    made.run_tests()
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
        "skipped": [list(item) for item in made.skipped],
    }


if __name__ == "__main__":
    json.dump(findings_in(sys.argv[1]), sys.stdout)
