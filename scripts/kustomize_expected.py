"""Writes what the reference says about the cases of the kustomize engine.

`python -m scripts.kustomize_expected [NAME…]` runs the kustomize binary on every case whose name
begins with one of the names (on all without any) and writes `expected.yaml` or `expected-error.txt`
beside its input. Run it after a case was added or changed, and read the difference.
"""

from __future__ import annotations

import sys
from pathlib import Path

from gitops_ci.tools.find import find_tool
from tests.support.kustomize_cases import ERROR, OUTPUT, Case, all_cases
from tests.support.kustomize_reference import Verdict, reference


def recorded(case: Case) -> Verdict:
    """The verdict that lies beside the input."""
    if case.fails:
        return Verdict(error=(case.folder / ERROR).read_text("utf-8"))
    return Verdict(output=case.expected)


def current(binary: Path, case: Case) -> Verdict:
    """The verdict of the binary."""
    return reference(binary, case.folder, case.arguments)


def write(case: Case, verdict: Verdict) -> None:
    """Put the verdict beside the input."""
    (case.folder / OUTPUT).unlink(missing_ok=True)
    (case.folder / ERROR).unlink(missing_ok=True)
    if verdict.error:
        (case.folder / ERROR).write_text(verdict.error, "utf-8")
    else:
        (case.folder / OUTPUT).write_bytes(verdict.output)


def main(names: list[str]) -> int:
    """Write the verdicts and say how many changed."""
    binary = find_tool("kustomize")
    if binary is None:
        print("kustomize is not installed")
        return 2
    changed = total = 0
    for case in all_cases():
        if names and not case.name.startswith(tuple(names)):
            continue
        total += 1
        verdict = current(binary, case)
        known = (case.folder / OUTPUT).is_file() or case.fails
        if not known or recorded(case) != verdict:
            write(case, verdict)
            changed += 1
            print(f"{'error ' if verdict.error else 'output'} {case.name}")
    print(f"{total} cases, {changed} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
