"""One broken rule of an object, before anybody knows in which file it stands."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route


class Remedy(Struct, frozen=True):
    """What would mend a fault, as data: the value at `route` of the object becomes `value`, or
    goes away with `remove`. `safe` means that nothing else changes its meaning."""

    title: str
    route: Route
    value: Any = None
    safe: bool = False
    remove: bool = False


class Fault(Struct, frozen=True):
    """`route` leads from the top of the object to the value, or to its key with `key`; for
    something that is missing it leads to where it would stand. `severity` None is the rule's."""

    rule: Rule
    route: Route
    message: str
    hint: str = ""
    severity: Severity | None = None
    key: bool = False
    remedy: Remedy | None = None
