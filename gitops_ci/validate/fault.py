"""One thing that is wrong with an object, before anybody knows in which file it stands."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route


class Replacement(Struct, frozen=True):
    """The fix of a fault: the text `old` at the place of the fault becomes `new`. `quote` allows
    the old text to stand in quotes, which stay."""

    old: str
    new: str
    title: str
    safe: bool = False


class Fault(Struct, frozen=True):
    """`route` leads from the top of the object to the value, or to its key with `key`; for
    something that is missing it leads to where it would stand."""

    rule: Rule
    route: Route
    message: str
    key: bool = False
    hint: str = ""
    severity: Severity | None = None
    replacement: Replacement | None = None
