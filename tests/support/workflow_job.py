"""A small interpreter of one workflow job: which steps run, and how the job ends.

Conditions are evaluated by GitHub's own library, scripts run in a real shell; what an action does
is told by the test. Follows docs.github.com, "Workflow syntax": a condition without a status
function means `success() && (…)`, a failed step fails the job, a skipped job counts as passed.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

from tests.support.node import NodeTools
from tests.support.tools import ROOT

_STATUS = re.compile(r"\b(always|success|failure|cancelled)\s*\(")
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_SCRIPT = ROOT / "tests/support/expressions.mjs"

Context = Mapping[str, Any]
Action = Callable[[str], str]
"""What `uses` ends with: success or failure."""


def result_of(
    job: Mapping[str, Any], needs: Mapping[str, str], act: Action, node: NodeTools
) -> str:
    """The result of `job`, given those of the jobs it needs: success, failure or skipped."""
    context = {
        "needs": {name: {"result": result} for name, result in needs.items()},
        "inputs": {},
        "github": {"token": ""},
    }
    results = set(needs.values())
    status = next((one for one in ("cancelled", "failure") if one in results), "success")
    # a needed job that was skipped is no success either
    status = "skipped" if status == "success" and "skipped" in results else status
    if not _holds(job.get("if", ""), context, status, node):
        return "skipped"
    status = "success"
    for step in job["steps"]:
        if not _holds(step.get("if", ""), context, status, node):
            continue
        ended = act(step["uses"]) if "uses" in step else _script(step, context, status, node)
        if ended != "success" and not step.get("continue-on-error"):
            status = "failure"
    return status


def _script(step: Mapping[str, Any], context: Context, status: str, node: NodeTools) -> str:
    """A `run:` step, as the runner starts it: bash that stops at the first error."""
    environ = {
        name: _filled(str(value), context, status, node)
        for name, value in step.get("env", {}).items()
    }
    assert "${{" not in step["run"], "an expression in a script is a way in"
    words = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
    done = subprocess.run(words, env={"PATH": "/usr/bin:/bin", **environ}, capture_output=True)
    return "success" if done.returncode == 0 else "failure"


def _holds(condition: object, context: Context, status: str, node: NodeTools) -> bool:
    text = str(condition).strip().removeprefix("${{").removesuffix("}}").strip()
    if not _STATUS.search(text):
        text = f"success() && ({text})" if text else "success()"
    return evaluate([(text, context, status)], node) == [True]


def _filled(text: str, context: Context, status: str, node: NodeTools) -> str:
    found = _EXPRESSION.findall(text)
    values = iter(evaluate([(one.strip(), context, status) for one in found], node))
    return _EXPRESSION.sub(lambda match: str(next(values)), text)


def evaluate(requests: list[tuple[str, Context, str]], node: NodeTools) -> list[Any]:
    """The value of each expression in its context, where the job stands at that status."""
    if not requests:
        return []
    asked = [dict(zip(("expression", "context", "status"), one, strict=True)) for one in requests]
    words = [str(node.node), str(_SCRIPT), str(node.package())]
    done = subprocess.run(words, input=json.dumps(asked), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    values: list[Any] = json.loads(done.stdout)
    return values
