"""Rules for pods, carried over to what makes pods, as Kyverno does it.

https://kyverno.io/docs/policy-types/cluster-policy/autogen/
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from gitops_ci.model.regex import regex
from gitops_ci.policy.admission.model import Clause, Expression, Named, Validation

CONTROLLERS = (
    "DaemonSet",
    "Deployment",
    "Job",
    "StatefulSet",
    "ReplicaSet",
    "ReplicationController",
)
"""Kinds with a pod template in `spec.template`."""
CRONJOB = "CronJob"
ALL = (*CONTROLLERS, CRONJOB)
_TEMPLATE = "spec.template"
_JOB_TEMPLATE = "spec.jobTemplate.spec.template"
_LONGEST = 63
_OWN = regex(r"\.(?:name|namespace)(?![A-Za-z0-9_])")
"""What stays with the controller in newer kinds of policy: a template has neither."""


def for_controllers(clause: Clause, *, keeps_own: bool) -> Clause:
    """The clause about objects with a pod template; its matchers are the caller's to replace.
    `keeps_own` leaves name and namespace of the object alone."""
    return _moved(clause, f"autogen-{clause.name}", _TEMPLATE, keeps_own=keeps_own)


def for_cronjobs(clause: Clause, *, keeps_own: bool) -> Clause:
    """The same for CronJobs."""
    return _moved(clause, f"autogen-cronjob-{clause.name}", _JOB_TEMPLATE, keeps_own=keeps_own)


def _moved(clause: Clause, name: str, below: str, *, keeps_own: bool) -> Clause:
    def moved(expression: Expression) -> Expression:
        return replace(expression, text=_text(expression.text, below, keeps_own=keeps_own))

    def named(entries: Iterable[Named]) -> tuple[Named, ...]:
        return tuple(replace(item, expression=moved(item.expression)) for item in entries)

    def validation(item: Validation) -> Validation:
        said = item.message_expression
        return replace(
            item,
            expression=moved(item.expression),
            message_expression=moved(said) if said else None,
        )

    return replace(
        clause,
        name=name[:_LONGEST],
        conditions=named(clause.conditions),
        variables=named(clause.variables),
        validations=tuple(validation(item) for item in clause.validations),
    )


def _text(text: str, below: str, *, keeps_own: bool) -> str:
    """Every `object.spec` and `object.metadata` below the template. Kyverno replaces the text,
    wherever it stands, and so does this."""
    for part in ("spec", "metadata"):
        for owner in ("object", "oldObject"):
            text = _replaced(
                text, f"{owner}.{part}", f"{owner}.{below}.{part}", keeps_own=keeps_own
            )
    return text


def _replaced(text: str, old: str, new: str, *, keeps_own: bool) -> str:
    pieces = text.split(old)
    made = pieces[0]
    for piece in pieces[1:]:
        made += (old if keeps_own and _OWN.match(piece) else new) + piece
    return made
