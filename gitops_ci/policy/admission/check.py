"""Rendered objects against admission policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from gitops_ci.cel.fields import field_of
from gitops_ci.config.globs import PatternError, name_matches
from gitops_ci.model.finding import Finding, Related, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Route
from gitops_ci.policy.admission.admission import Admission, Surroundings
from gitops_ci.policy.admission.compiled import CompiledClause
from gitops_ci.policy.admission.judge import Outcome, Status, judge
from gitops_ci.policy.admission.model import AdmissionPolicy
from gitops_ci.policy.admission.places import place_in
from gitops_ci.policy.admission.rules import rule_of
from gitops_ci.policy.admission.sources import Compilation
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.rules import BROKEN, FAILED_REASON
from gitops_ci.render.blame import finding_of
from gitops_ci.render.objects import Rendered, RenderedObject, Root

_NAME: Route = ("metadata", "name")
_LET_THROUGH = "an expression had no value, and failurePolicy Ignore let them through"


class AdmissionCheck:
    """Asks every policy about every object. `surroundings` gives what is known about the cluster
    of an environment. What could not be answered is counted by policy and reason."""

    def __init__(
        self, policies: Iterable[Compilation], surroundings: Callable[[str], Surroundings]
    ) -> None:
        self._policies = tuple((made, rule_of(made.policy)) for made in policies)
        self._surroundings = surroundings
        self._unanswered: dict[tuple[str, str, str], Counter[str]] = {}
        self._let_through: dict[str, tuple[AdmissionPolicy, Outcome, int]] = {}

    @property
    def ran(self) -> frozenset[str]:
        """The ids of the rules that ran."""
        return frozenset(rule.id for _, rule in self._policies)

    def findings(self, rendered: Iterable[Rendered]) -> Iterator[Finding]:
        """What the policies find in the objects of all roots, and what was let through."""
        for item in rendered:
            surroundings = self._surroundings(item.root.environment)
            for thing in item.objects:
                yield from self._of(thing, item.root, Admission(thing.value, surroundings))
        for policy, outcome, count in self._let_through.values():
            yield _note(policy, outcome, count)

    def skipped(self) -> tuple[Skip, ...]:
        """The policies that were not evaluated on some objects, with reasons and numbers."""
        result = []
        for (path, title, why), reasons in sorted(self._unanswered.items()):
            words = "; ".join(
                f"{_objects(count)}: {reason}" for reason, count in sorted(reasons.items())
            )
            result.append(Skip(path, why, f"{title} not evaluated on {words}"))
        return tuple(result)

    def _of(self, thing: RenderedObject, root: Root, admission: Admission) -> Iterator[Finding]:
        for made, rule in self._policies:
            policy = made.policy
            if not policy.holds_in(root.environment):
                continue
            for clause in made.clauses:
                for outcome in judge(clause, admission):
                    if outcome.status in (Status.PASS, Status.SKIP):
                        continue
                    if outcome.status is Status.UNKNOWN:
                        self._count(policy, outcome)
                    elif outcome.status is Status.ERROR and clause.clause.failing_open:
                        self._let(policy, outcome)
                    else:
                        fault = Fault(
                            rule,
                            _route(outcome),
                            _message(outcome),
                            hint=_hint(policy, clause),
                            severity=_severity(clause, admission),
                        )
                        yield replace(
                            finding_of(fault, thing, root),
                            related=(_place(policy, outcome),),
                        )

    def _count(self, policy: AdmissionPolicy, outcome: Outcome) -> None:
        why = FAILED_REASON if outcome.limit else "cluster-state"
        key = (place_of(policy), policy.title, why)
        self._unanswered.setdefault(key, Counter())[outcome.message] += 1

    def _let(self, policy: AdmissionPolicy, outcome: Outcome) -> None:
        known = self._let_through.get(policy.title)
        first = known[1] if known else outcome
        self._let_through[policy.title] = (policy, first, known[2] + 1 if known else 1)


def place_of(policy: AdmissionPolicy) -> str:
    """How a policy is called among what was left out: its file, kind and name."""
    path = policy.object.origin.trace(_NAME).location.path
    name = f"{policy.namespace}/{policy.name}" if policy.namespace else policy.name
    return f"{path}#{policy.kind}/{name}"


def faults_of(policies: Iterable[Compilation]) -> Iterator[Finding]:
    """A finding for each expression that does not compile, on its line and column."""
    for made in policies:
        for fault in made.faults:
            yield found(
                BROKEN,
                f"{made.policy.title}: {fault.problem.message}",
                place_in(made.policy.object, fault.expression, fault.problem),
                object=made.policy.object.ref,
                key=f"{'.'.join(map(str, fault.expression.route))}: {fault.problem.message}",
            )


def _objects(count: int) -> str:
    return "1 object" if count == 1 else f"{count} objects"


def _route(outcome: Outcome) -> Route:
    """Where the object is at fault: the field that the expression speaks of, else its name."""
    if outcome.validation is None or outcome.trial is None:
        return _NAME
    program = outcome.validation.compiled.program
    return field_of(program, outcome.trial.values) or _NAME


def _message(outcome: Outcome) -> str:
    if outcome.status is Status.FAIL:
        return outcome.message
    return f"the policy cannot be evaluated here, which refuses the object: {outcome.message}"


def _hint(policy: AdmissionPolicy, clause: CompiledClause) -> str:
    name = clause.clause.name
    return f"{policy.title}, rule {name}" if name and name != policy.name else policy.title


def _severity(clause: CompiledClause, admission: Admission) -> Severity:
    for pattern, severity in clause.clause.severities:
        try:
            if pattern == admission.namespace or name_matches(pattern, admission.namespace):
                return severity
        except PatternError:
            continue
    return clause.clause.severity


def _place(policy: AdmissionPolicy, outcome: Outcome) -> Related:
    """The policy's own line."""
    route: Route = _NAME
    if outcome.validation is not None:
        route = outcome.validation.validation.expression.route
    return Related(policy.object.origin.trace(route).location, f"demanded by {policy.title}")


def _note(policy: AdmissionPolicy, outcome: Outcome, count: int) -> Finding:
    return found(
        rule_of(policy),
        f"{_objects(count)} not judged: {_LET_THROUGH} (first: {outcome.message})",
        _place(policy, outcome).location,
        severity=Severity.NOTE,
        object=policy.object.ref,
        key="failurePolicy Ignore",
    )
