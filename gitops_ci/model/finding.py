"""What is wrong, and which line somebody has to change."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.model.edit import Fix
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location


class ObjectRef(Struct, frozen=True):
    """The identity of a Kubernetes object as far as the manifest states it."""

    group: str
    version: str
    kind: str
    namespace: str
    name: str

    @property
    def api_version(self) -> str:
        """`group/version`, or the bare version for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def __str__(self) -> str:
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {place}{self.name}".strip()


class Related(Struct, frozen=True):
    """Another place that belongs to the story of a finding."""

    location: Location
    message: str


class Finding(Struct, frozen=True):
    """One fault. `severity` starts as the rule's and is settled by the engine in `findings/`.

    `key` is what identifies the fault beside rule and object when the message carries changing
    detail; when empty, the normalised message serves. With `moves` the key is enough wherever the
    fault stands: another file or another place in it is the same fault. `root` and `environment`
    name the rendered root that showed it, if any.
    """

    rule: Rule
    message: str
    location: Location
    severity: Severity
    object: ObjectRef | None = None
    root: str = ""
    environment: str = ""
    hint: str = ""
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    key: str = ""
    moves: bool = False


def found(
    rule: Rule,
    message: str,
    location: Location,
    *,
    severity: Severity | None = None,
    object: ObjectRef | None = None,
    root: str = "",
    environment: str = "",
    hint: str = "",
    related: tuple[Related, ...] = (),
    fix: Fix | None = None,
    key: str = "",
    moves: bool = False,
) -> Finding:
    """A finding of `rule` with the rule's own severity unless another one is given."""
    weight = rule.severity if severity is None else severity
    return Finding(
        rule, message, location, weight, object, root, environment, hint, related, fix, key, moves
    )
