"""What registries, signatures and scans say of the images that a change brings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gitops_ci.config.layout import fill
from gitops_ci.config.model_promotion import ImageGate, SignedBy
from gitops_ci.model.errors import EndpointError
from gitops_ci.promote.gates.facts import ImageFact
from gitops_ci.promote.state import Pin
from gitops_ci.repo.tree import UnreadableError
from gitops_ci.steps.images import carried_images, registry_of
from gitops_ci.steps.world import World
from gitops_ci.tools.run import MissingProgramError

_TIMEOUT = 120.0
_LEVELS = (("critical", 9.0), ("high", 7.0), ("medium", 4.0), ("low", 0.1), ("none", 0.0))
"""CVSS 3 qualitative severities by the `security-severity` that scanners write (github docs,
"SARIF support for code scanning")."""
_NOT_FOUND = "answers 404"


def image_facts(
    gate: ImageGate, pins: Iterable[Pin], world: World, changed: frozenset[str]
) -> tuple[ImageFact, ...]:
    """One fact for each image and version. Scans among the `changed` files are not believed: a
    change does not bring its own evidence."""
    return tuple(_fact(gate, pin, world, changed) for pin in carried_images(pins))


def _fact(gate: ImageGate, pin: Pin, world: World, changed: frozenset[str]) -> ImageFact:
    repository, version = pin.site.repository, pin.version
    wanted = version.digest or version.tag
    reference = f"{repository}{'@' if version.digest else ':'}{wanted}"
    if not wanted:
        return ImageFact(repository, problem="it has neither tag nor digest")
    registry, path = registry_of(repository, world)
    exists: bool | None = None
    platforms: tuple[str, ...] | None = None
    digest = version.digest
    try:
        if gate.exists or gate.platforms or gate.signed_by:
            manifest = registry.manifest(path, wanted)
            exists, platforms, digest = True, tuple(manifest.platforms), manifest.digest
    except EndpointError as error:
        if _NOT_FOUND not in error.message:
            return ImageFact(reference, problem=error.message)
        exists = False
    signed = None
    if gate.signed_by and exists:
        signed = is_signed(f"{repository}@{digest}", gate.signed_by, world)
    worst = _worst(gate, pin, world, changed) if gate.scan else None
    return ImageFact(reference, exists, platforms, signed, worst)


def is_signed(reference: str, by: SignedBy, world: World) -> bool | None:
    """Whether cosign verifies the signature of that identity; None when there is no cosign, or it
    does not end."""
    binary = world.programs.find("cosign")
    if binary is None:
        return None
    argv: list[str | Path] = [
        binary,
        "verify",
        f"--certificate-oidc-issuer={by.issuer}",
        f"--certificate-identity={by.identity}",
        "--output=json",
        reference,
    ]
    try:
        outcome = world.programs.run(argv, cwd=world.root, timeout=_TIMEOUT, env={})
    except MissingProgramError:
        return None
    return None if outcome.timed_out else outcome.ok


def _worst(gate: ImageGate, pin: Pin, world: World, changed: frozenset[str]) -> str | None:
    """The highest severity in the scan of the image; None when there is no readable scan."""
    assert gate.scan is not None
    values = {"app": pin.site.app, "env": pin.site.environment, "tag": pin.version.tag}
    path = fill(gate.scan.sarif, values)
    if path in changed:
        return None
    try:
        document = json.loads(world.tree.read(path))
        return worst_of(document)
    except (UnreadableError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None


def worst_of(document: Any) -> str:
    """The highest severity that a SARIF document reports. Raises KeyError, TypeError and
    AttributeError for what is no SARIF."""
    found = 0.0
    for run in document["runs"]:
        scores = {}
        for rule in run["tool"]["driver"].get("rules") or ():
            score = (rule.get("properties") or {}).get("security-severity")
            scores[rule["id"]] = _score(score, rule.get("defaultConfiguration"))
        for result in run.get("results") or ():
            own = (result.get("properties") or {}).get("security-severity")
            level = {"level": result.get("level")}
            known = scores.get(result.get("ruleId"), 0.0)
            found = max(found, known, _score(own, level if own is None and not known else None))
    return next(word for word, least in _LEVELS if found >= least)


def _score(text: Any, configuration: Any) -> float:
    """A CVSS score, or what a level of SARIF stands for without one."""
    try:
        return float(text)
    except (TypeError, ValueError):
        level = str((configuration or {}).get("level"))
        return {"error": 7.0, "warning": 4.0, "note": 0.1}.get(level, 0.0)
