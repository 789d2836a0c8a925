"""Run the gate on the example repository, then on a change to it that must be blocked.

Works on a copy in a temporary folder. Ends with 0 when the good version passed and the bad change
was blocked on the line that it wrote; else with 1.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from gitops_ci.tools.find import find_tool

ROOT = Path(__file__).resolve().parent.parent
SHOP = ROOT / "examples" / "shop"
BAD_CHANGE = ROOT / "examples" / "bad-change.diff"
GATE = Path(sys.executable).parent / "gitops-ci"
PASSED_ON = ("HOME", "LANG", "LC_ALL", "NO_COLOR", "PATH", "TERM", "TMPDIR")
"""What the gate may see of the environment: nothing of a CI system that may run the demo."""
AUTHOR = ("-c", "user.name=Demo", "-c", "user.email=demo@example.com", "-c", "commit.gpgsign=false")


def main() -> int:
    """Run both checks; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="gitops-ci-demo-") as folder:
        shop, report = Path(folder) / "shop", Path(folder) / "report.json"
        shutil.copytree(SHOP, shop, symlinks=True)
        git(shop, "init", "--quiet", "--initial-branch=main")
        commit(shop, "the shop")
        say(
            "examples/shop is a GitOps repository with three environments. Is its main branch good?"
        )
        good = gate(shop, "check")
        if find_tool("helm") is None:
            say("Its chart needs helm, which is not here. The shop's configuration allows that.")
        say("Somebody wants more replicas in prod, and mistypes the field:")
        git(shop, "checkout", "--quiet", "-b", "proposal")
        git(shop, "apply", str(BAD_CHANGE))
        show_change()
        commit(shop, "a bad change")
        say("May this be merged?")
        bad = gate(shop, "check", "--changed-since", "main", "--output", "json=../report.json")
        return verdict(good, bad, report)


def verdict(good: int, bad: int, report: Path) -> int:
    """Say what the two exit codes mean; 0 when they are 0 and 1 and the changed line is named."""
    path, line = changed_line(BAD_CHANGE.read_text("utf-8"))
    if good != 0:
        return failed(f"the good version should pass, but the gate said {good}")
    if bad != 1:
        return failed(f"the bad change should be blocked with 1, but the gate said {bad}")
    findings = json.loads(report.read_text("utf-8"))["findings"]
    if not any((item["path"], item["line"]) == (path, line) for item in findings):
        return failed(f"no finding names the changed line {path}:{line}")
    say(f"The main branch passed (exit 0). The change was blocked (exit 1) at {path}:{line}.")
    return 0


def changed_line(diff: str) -> tuple[str, int]:
    """Path and number of the first line that a unified diff adds."""
    path = re.search(r"^\+\+\+ b/(.*)$", diff, re.MULTILINE)
    hunk = re.search(r"^@@ -\S+ \+(\d+).*\n((?:[ -].*\n)*)\+", diff, re.MULTILINE)
    if path is None or hunk is None:
        raise ValueError(f"{BAD_CHANGE.name} adds no line")
    kept = sum(line.startswith(" ") for line in hunk[2].splitlines())
    return path[1], int(hunk[1]) + kept


def gate(shop: Path, *words: str) -> int:
    """Run gitops-ci in the shop, its report on our standard output; returns its exit code."""
    print(f"$ gitops-ci {shlex.join(words)}", flush=True)
    environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return subprocess.run([GATE, *words], cwd=shop, env=environ, check=False).returncode


def show_change() -> None:
    """Print the lines that the bad change takes away and brings."""
    for line in BAD_CHANGE.read_text("utf-8").splitlines():
        if line.startswith(("+++ b/", "-", "+")) and not line.startswith("---"):
            print(f"    {line}")


def commit(shop: Path, message: str) -> None:
    """Commit everything in the shop."""
    git(shop, "add", "--all")
    git(shop, *AUTHOR, "commit", "--quiet", "--message", message)


def git(shop: Path, *words: str) -> None:
    """Run git in the shop, apart from the variables of a surrounding git."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *words], cwd=shop, env=environ, check=True)


def say(text: str) -> None:
    """Print a sentence of the demo itself."""
    print(f"\n# {text}", flush=True)


def failed(reason: str) -> int:
    """Print why the demo failed; returns 1."""
    print(f"\nThe demo failed: {reason}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
