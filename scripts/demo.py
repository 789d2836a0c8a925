"""Run the gate on the example repository, then on a change to it that must be blocked; then carry
a version to the next environment, look at all of them, and go back.

Works on a copy in a temporary folder. Ends with 0 when the good version passed, the bad change was
blocked on the line that it wrote, the version moved, and it stayed away after the rollback; else
with 1.
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
PAGE = Path(tempfile.gettempdir()) / "gitops-ci-demo-status.html"
"""Where the status page stays after the demo."""
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
        judged = verdict(good, bad, report)
        git(shop, "checkout", "--quiet", "main")
        return judged or story(shop)


def story(shop: Path) -> int:
    """Promote, look, go back; returns 0 when each step did what it says."""
    words = ("promote", "--from", "staging", "--to", "prod", "--app", "cart")
    say("staging runs a newer cart than prod. What would carry it there?")
    gate(shop, *words)
    say("The same as a proposal, with the text of its pull request:")
    gate(shop, *words, "--pr", "--body", "../body.md")
    if "Promotes cart" not in (shop.parent / "body.md").read_text("utf-8"):
        return failed("the proposal should tell what it promotes")
    git(shop, *AUTHOR, "merge", "--quiet", "--ff-only", "gitops-ci/promote/prod/cart")
    say("It is merged. Which version stands where?")
    gate(shop, "status", "--output", f"html={PAGE}")
    say(f"The same as a page: {PAGE}")
    say("The new cart fails in prod. Back to what stood there before, and stay there:")
    gate(
        shop, "rollback", "--env", "prod", "--reason", "checkout fails", "--app", "cart", "--write"
    )
    commit(shop, "back to the cart before")
    say("Does the next promotion bring it back?")
    gate(shop, *words)
    plan = told(shop, *words, "--format", "json")
    if json.loads(plan)["moves"]:
        return failed("what was rolled back should not come again")
    say("No: the hold keeps it out until something newer comes.")
    return 0


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
    return subprocess.run([GATE, *words], cwd=shop, env=environment(), check=False).returncode


def told(shop: Path, *words: str) -> str:
    """What gitops-ci prints in the shop."""
    done = subprocess.run([GATE, *words], cwd=shop, env=environment(), check=True, text=True,
                          capture_output=True)  # fmt: skip
    return done.stdout


def environment() -> dict[str, str]:
    """The variables that gitops-ci may see."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


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
