"""Admission policies as they are evaluated, whichever kind they were written as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.render.objects import RenderedObject

if TYPE_CHECKING:
    from gitops_ci.policy.admission.admission import Admission


class Unknown(Struct, frozen=True):
    """An answer that only the cluster has; `reason` completes "not evaluated: …". `limit` says
    that it is only the evaluator here that has none."""

    reason: str
    limit: bool = False


Answer = bool | Unknown
Matcher = Callable[["Admission"], Answer]
"""Whether a policy is about an object."""


def all_of(matchers: tuple[Matcher, ...], admission: Admission) -> Answer:
    """No as soon as one says no; otherwise unknown if one is."""
    unknown: Unknown | None = None
    for matcher in matchers:
        answer = matcher(admission)
        if answer is False:
            return False
        if isinstance(answer, Unknown):
            unknown = unknown or answer
    return True if unknown is None else unknown


def any_of(matchers: tuple[Matcher, ...], admission: Admission) -> Answer:
    """Yes as soon as one says yes; otherwise unknown if one is."""
    unknown: Unknown | None = None
    for matcher in matchers:
        answer = matcher(admission)
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            unknown = unknown or answer
    return False if unknown is None else unknown


def opposite(answer: Answer) -> Answer:
    """Not that; unknown stays unknown."""
    return answer if isinstance(answer, Unknown) else not answer


class Expression(Struct, frozen=True):
    """A CEL expression and where it stands in the policy object."""

    text: str
    route: Route


class Named(Struct, frozen=True):
    """A condition or a variable."""

    name: str
    expression: Expression


class Validation(Struct, frozen=True):
    """What has to be true, and what is said where it is not."""

    expression: Expression
    message: str = ""
    message_expression: Expression | None = None


class ParamSource(Struct, frozen=True):
    """Which objects are the parameters. `namespace` empty: that of the object, if the kind has
    any. `selector` None: the one called `name`."""

    api_version: str
    kind: str
    name: str = ""
    namespace: str = ""
    selector: Mapping[str, Any] | None = None


class Clause(Struct, frozen=True):
    """One rule of a policy as one binding puts it into force. `failing_open` is the failure policy
    `Ignore`; `severities` gives another weight in some namespaces (globs); what an exemption fits
    is passed over."""

    name: str
    matchers: tuple[Matcher, ...]
    validations: tuple[Validation, ...]
    conditions: tuple[Named, ...] = ()
    variables: tuple[Named, ...] = ()
    params: ParamSource | None = None
    has_params: bool = False
    severity: Severity = Severity.ERROR
    severities: tuple[tuple[str, Severity], ...] = ()
    failing_open: bool = False
    exemptions: tuple[Matcher, ...] = ()
    never: Unknown | None = None
    """Why the clause cannot be evaluated at all."""


class AdmissionPolicy(Struct, frozen=True):
    """A policy. `environments` are those in which it is deployed, empty means everywhere; in those
    of `elsewise` another form of it may be."""

    kind: str
    name: str
    object: RenderedObject
    clauses: tuple[Clause, ...]
    namespace: str = ""
    environments: frozenset[str] = frozenset()
    elsewise: frozenset[str] = frozenset()
    library: tuple[str, ...] = ()
    """Names that this kind of policy may use and that only a cluster can answer."""

    def holds_in(self, environment: str) -> bool:
        """Whether it is deployed to an environment."""
        if self.environments:
            return environment in self.environments
        return environment not in self.elsewise

    @property
    def title(self) -> str:
        """How reports call it."""
        return (
            f"{self.kind} {self.namespace}/{self.name}"
            if self.namespace
            else (f"{self.kind} {self.name}")
        )
