"""The reference binary, run on folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gitops_ci.tools.run import run

_ADDRESS = re.compile("0x[0-9a-f]{6,}")
_WARNING = re.compile("^# Warning: .*\n", re.MULTILINE)
_CRASH = re.compile(r"\n(?:\[signal|\ngoroutine) ")
"""What follows the reason when the reference crashes, which it does on some bad input."""
_BUILT_HERE = b"kustomize-(devel)"
"""What a binary that was built from its module calls itself."""


@dataclass(frozen=True)
class Verdict:
    """What the reference says: the output, or the message without absolute paths."""

    output: bytes = b""
    error: str = ""


def reference(binary: Path, folder: Path, arguments: Sequence[str]) -> Verdict:
    """What `kustomize ARGUMENTS` gives in `folder`. It reaches no network, and runs no plugin."""
    home = folder.resolve()
    env = {"HTTPS_PROXY": "http://127.0.0.1:9", "GIT_ALLOW_PROTOCOL": "file"}
    outcome = run([binary, *arguments], cwd=home, env=env)
    if outcome.ok:
        return Verdict(output=outcome.stdout.replace(_BUILT_HERE, b"kustomize-v5.5.0"))
    message = _WARNING.sub("", outcome.stderr).replace(str(home), "ROOT")
    message = _CRASH.split(message)[0]
    return Verdict(error=_ADDRESS.sub("ADDRESS", message).strip() + "\n")
