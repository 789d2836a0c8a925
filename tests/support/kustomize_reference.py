"""The reference binary, run on folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gitops_ci.tools.run import run

_ELSEWHERE = re.compile(r"(?<=')/(?:tmp|private|var)/[^' ]*")


@dataclass(frozen=True)
class Verdict:
    """What the reference says: the output, or the message without absolute paths."""

    output: bytes = b""
    error: str = ""


def reference(binary: Path, folder: Path, arguments: Sequence[str]) -> Verdict:
    """What `kustomize ARGUMENTS` gives in `folder`. It can reach no network and no plugin."""
    home = folder.resolve()
    env = {"HTTPS_PROXY": "http://127.0.0.1:9", "GIT_ALLOW_PROTOCOL": "file"}
    outcome = run([binary, *arguments], cwd=home, env=env)
    if outcome.ok:
        return Verdict(output=outcome.stdout)
    message = outcome.stderr.replace(str(home), "ROOT").strip()
    return Verdict(error=_ELSEWHERE.sub("ELSEWHERE", message) + "\n")
