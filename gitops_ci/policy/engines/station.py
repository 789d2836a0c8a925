"""A configured engine at its place: its program, its limits, where the configuration names it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from gitops_ci.config.model_policy import EngineConfig
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location
from gitops_ci.policy.engines.command import Command
from gitops_ci.policy.engines.conftest import Conftest
from gitops_ci.policy.engines.gator import Gator
from gitops_ci.policy.engines.kyverno import Kyverno
from gitops_ci.policy.engines.port import Engine


class Station(Struct, frozen=True):
    """An engine, its `binary` (None: there is none), how long a run may take in seconds, what a
    violation weighs when the engine does not say, the `place` in the configuration, and whether
    the values of Secrets are `masked`."""

    engine: Engine
    binary: Path | None
    timeout: float
    severity: Severity
    place: Location
    masked: bool = True


def engine_of(config: EngineConfig) -> Engine:
    """The engine that the configuration describes."""
    common = (config.arguments, config.files)
    if config.kyverno:
        return Kyverno(config.kyverno, *common, config.name or "kyverno")
    if config.conftest:
        name = config.name or "conftest"
        return Conftest(config.conftest, *common, name, namespaces=config.namespaces)
    if config.gator:
        return Gator(config.gator, *common, config.name or "gator")
    return Command(config.command, config.format, config.exit_codes, config.files, config.name)
