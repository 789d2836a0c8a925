"""Which version a program is. Distributions print "(devel)" and worse, so nothing is assumed."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.tools.run import MissingProgramError, run

_QUESTIONS: dict[str, tuple[str, ...]] = {
    "conftest": ("--version",),
    "helm": ("version", "--short"),
    "kubeconform": ("-v",),
    "kubectl": ("version", "--client"),
    "kustomize": ("version",),
}
_NUMBER = regex(r"(?<![\d.])v?(\d+)\.(\d+)(?:\.(\d+))?")
_KUSTOMIZE = regex(r"Kustomize Version:\s*(\S+)")
_TIMEOUT = 20.0

Number = tuple[int, int, int]


class Version(Struct, frozen=True):
    """What a program says about itself. `number` is None when its words hold no version;
    `kustomize` is the number of the kustomize that kubectl carries."""

    text: str
    number: Number | None
    kustomize: Number | None = None


_known: dict[tuple[str, int], Version | None] = {}


def probe(path: Path) -> Version | None:
    """The version of the program at `path`, None when it cannot be run or answers with an error.
    The answer is kept for as long as the process lives and the file does not change."""
    try:
        identity = (str(path), path.stat().st_mtime_ns)
    except OSError:
        return None
    if identity not in _known:
        _known[identity] = _ask(path)
    return _known[identity]


def _ask(path: Path) -> Version | None:
    words = _QUESTIONS.get(path.name, ("version",))
    try:
        outcome = run([path, *words], timeout=_TIMEOUT)
    except MissingProgramError:
        return None
    if not outcome.ok:
        return None
    return read_version(outcome.stdout.decode("utf-8", "replace"))


def read_version(text: str) -> Version:
    """The version in the words that a program printed, semantic or not."""
    carried = _KUSTOMIZE.search(text)
    lines = [line.strip() for line in text.strip().splitlines()]
    # some programs draw a picture first
    first = next((line for line in lines if _NUMBER.search(line)), lines[0] if lines else "")
    return Version(first, _number(text), _number(carried.group(1)) if carried else None)


def _number(text: str) -> Number | None:
    match = _NUMBER.search(text)
    if match is None:
        return None
    major, minor, patch = match.groups()
    return int(major), int(minor), int(patch or 0)
