"""Objects to policies: which of them are admission policies, compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from gitops_ci.policy.admission import (
    exemptions,
    kyverno,
    validating_admission,
    validating_policy,
)
from gitops_ci.policy.admission.compiled import CompiledClause, Fault, compile_clause
from gitops_ci.policy.admission.exemptions import exempted
from gitops_ci.policy.admission.model import AdmissionPolicy
from gitops_ci.render.objects import RenderedObject

KINDS = frozenset(
    {
        *(
            (validating_admission.GROUP, kind)
            for kind in (validating_admission.POLICY, validating_admission.BINDING)
        ),
        *((kyverno.GROUP, kind) for kind in kyverno.KINDS),
        *((validating_policy.GROUP, kind) for kind in validating_policy.KINDS),
        *((group, exemptions.KIND) for group in exemptions.GROUPS),
    }
)
"""Group and kind of everything that is read here."""


def is_policy(thing: RenderedObject) -> bool:
    """Whether the object is an admission policy, or says where and for whom one holds."""
    return (thing.ref.group, thing.ref.kind) in KINDS


def policies_in(
    things: Iterable[RenderedObject], *, unbound: bool = False
) -> tuple[AdmissionPolicy, ...]:
    """The policies among the objects, by name; `unbound` puts those into force that nothing
    does."""
    by_kind: dict[str, list[RenderedObject]] = {}
    for thing in things:
        if is_policy(thing):
            by_kind.setdefault(thing.ref.kind, []).append(thing)

    def of(*kinds: str) -> list[RenderedObject]:
        return [thing for kind in kinds for thing in by_kind.get(kind, ())]

    found: list[AdmissionPolicy] = [
        *validating_admission.read(
            of(validating_admission.POLICY), of(validating_admission.BINDING), unbound=unbound
        ),
        *kyverno.read(of(*kyverno.KINDS)),
        *validating_policy.read(of(*validating_policy.KINDS)),
    ]
    found = list(exempted(found, of(exemptions.KIND)))
    return tuple(sorted(found, key=lambda policy: (policy.name, policy.kind, policy.namespace)))


class Compilation(Struct, frozen=True):
    """A policy with its programs, or what does not compile in it."""

    policy: AdmissionPolicy
    clauses: tuple[CompiledClause, ...] = ()
    faults: tuple[Fault, ...] = ()


def compiled(policies: Iterable[AdmissionPolicy]) -> Iterator[Compilation]:
    """Each policy, compiled."""
    for policy in policies:
        clauses: list[CompiledClause] = []
        faults: dict[Fault, None] = {}
        places = set()
        for clause in policy.clauses:
            made = compile_clause(clause, policy)
            if isinstance(made, CompiledClause):
                clauses.append(made)
                continue
            for fault in made:
                # what is carried over to pod controllers fails as the rule itself does
                if (fault.expression.route, fault.problem.message) not in places:
                    places.add((fault.expression.route, fault.problem.message))
                    faults[fault] = None
        yield Compilation(policy, () if faults else tuple(clauses), tuple(faults))
