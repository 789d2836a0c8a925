"""Faults of rendered objects to findings on the lines that somebody has to change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gitops_ci.model.edit import Fix
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.render.objects import RenderedObject, Root, Trace
from gitops_ci.render.routes import canonical


class Blamable(Protocol):
    """One thing that is wrong with an object, before anybody knows in which file it stands.

    `route` leads from the top of the object to the value, or to its key with `key`; for something
    that is missing it leads to where it would stand.
    """

    @property
    def rule(self) -> Rule:
        """The rule that is broken."""
        ...

    @property
    def route(self) -> Route:
        """Where in the object."""
        ...

    @property
    def message(self) -> str:
        """What is wrong there."""
        ...

    @property
    def hint(self) -> str:
        """What to do about it."""
        ...

    @property
    def severity(self) -> Severity | None:
        """What it weighs; None: what the rule says."""
        ...

    @property
    def key(self) -> bool:
        """Whether the key is at fault and not its value."""
        ...


def no_fix(_trace: Trace) -> None:
    """For faults that nobody knows how to mend."""


def finding_of(
    fault: Blamable,
    rendered: RenderedObject,
    root: Root,
    fix: Callable[[Trace], Fix | None] = no_fix,
) -> Finding:
    """The finding for a fault of a rendered object, on the line where its origin is. `fix` tells
    what would mend it there."""
    trace = rendered.origin.trace(fault.route, key=fault.key)
    return found(
        fault.rule,
        fault.message,
        trace.location,
        severity=fault.severity,
        object=rendered.ref,
        root=root.name,
        environment=root.environment,
        hint=fault.hint,
        fix=fix(trace),
        key=canonical(rendered.value, fault.route),
    )
