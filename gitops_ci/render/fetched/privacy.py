"""What the programs that fetch may see, and what of their words may be seen."""

from __future__ import annotations

from pathlib import Path

from gitops_ci.render.fetched.addresses import shown
from gitops_ci.render.output import plain_words
from gitops_ci.render.programs import confined
from gitops_ci.tools.run import Outcome

_DEAD_END = "http://127.0.0.1:9"


def private(home: Path) -> dict[str, str]:
    """The environment of a program that fetches: its home is the empty folder `home`, and a plain
    http request, such as a redirect may lead to, ends in a proxy that is not there."""
    home.mkdir(parents=True, exist_ok=True)
    env = confined(home, network=True)
    env |= {"HOME": str(home), "DOCKER_CONFIG": str(home / "docker")}
    return env | {"HTTP_PROXY": _DEAD_END, "http_proxy": _DEAD_END}


def spoken(program: str, outcome: Outcome, timeout: float, folder: str) -> str:
    """Why the program failed, without passwords and private folders."""
    if outcome.timed_out:
        return f"{program} did not finish within {timeout:g} s"
    return plain_words(shown(outcome.stderr), (folder,)) or f"{program} gave no reason"
