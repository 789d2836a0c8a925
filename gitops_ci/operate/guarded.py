"""The files that move the gate itself: whoever changes them decides what is checked."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.config.globs import PatternError, matches
from gitops_ci.config.load import DEFAULT_PATHS
from gitops_ci.config.model import Config
from gitops_ci.operate.code_owners import PLACES

_ALWAYS = (
    *DEFAULT_PATHS,
    ".gitops-ci/**",
    ".github/workflows/**",
    ".github/actions/**",
    ".gitlab-ci.yml",
    ".gitlab/ci/**",
    ".secrets.baseline",
    *PLACES,
)


def guarded_globs(config: Config) -> tuple[str, ...]:
    """Globs of the files that steer the gate under `config`: the configuration and what it builds
    on, exceptions, holds, policies, the CI files, and who owns all that."""
    named = (*config.extends, *config.exceptions.files, *config.policy.custom, config.freeze.file)
    return tuple(dict.fromkeys("/" + glob.lstrip("/") for glob in (*_ALWAYS, *named) if glob))


def guarded_among(paths: Iterable[str], config: Config) -> tuple[str, ...]:
    """The paths that steer the gate, sorted."""
    globs = guarded_globs(config)
    return tuple(sorted(path for path in paths if any(_matches(glob, path) for glob in globs)))


def _matches(glob: str, path: str) -> bool:
    try:
        return matches(glob, path)
    except PatternError:
        return False
