"""`kyverno-test.yaml`: what policies are expected to say, and what they say.

https://kyverno.io/docs/kyverno-cli/reference/kyverno_test/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.model.span import Location, Route
from gitops_ci.policy.admission.admission import NAME_LABEL, Admission
from gitops_ci.policy.admission.cluster import Cluster
from gitops_ci.policy.admission.judge import Outcome, Status, judge
from gitops_ci.policy.admission.model import Unknown
from gitops_ci.policy.admission.sources import Compilation, compiled, policies_in
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.origins import SourceOrigin
from gitops_ci.render.routes import at, items, mapping, text

NAMES = ("kyverno-test.yaml", "kyverno-test.yml")
"""What such files are called."""
DEFAULT_NAMESPACE = "default"
_NOT_EVALUATED = "not evaluated"


class Expectation(Struct, frozen=True):
    """One line of a test: what is expected of a rule for a resource, and what came out. `why` is
    the message behind it; `place` where the expectation stands."""

    policy: str
    rule: str
    kind: str
    resource: str
    expected: str
    got: str
    why: str
    place: Location

    @property
    def is_met(self) -> bool:
        """Whether it came out as expected."""
        return self.expected == self.got


class Suite(Struct, frozen=True):
    """A test file and the files that it names, read. `policies` and `resources` are in its order;
    `values` is the content of its file of variables."""

    file: SourceFile
    document: int
    content: Mapping[str, Any]
    policies: tuple[SourceFile, ...]
    resources: tuple[SourceFile, ...]
    values: Mapping[str, Any]


def run(suite: Suite) -> Iterator[Expectation]:
    """The expectations of a suite with what came out."""
    policies = tuple(compiled(policies_in(_objects(suite.policies), unbound=True)))
    resources = tuple(_objects(suite.resources))
    work = _Work(suite, policies, tuple(thing.value for thing in resources))
    for index, entry in enumerate(items(suite.content, "results")):
        yield from work.expectations(entry, ("results", index))


def _objects(sources: Iterable[SourceFile]) -> Iterator[RenderedObject]:
    for source in sources:
        for manifest in manifests_of(source):
            origin = SourceOrigin(source, manifest.document, manifest.route)
            yield RenderedObject(manifest.value, origin)


class _TestCluster(Cluster):
    """Every namespace exists; its labels are those that the test's values give it."""

    def __init__(self, objects: Iterable[dict[str, Any]], values: Mapping[str, Any]) -> None:
        super().__init__(objects)
        self._labels = {
            text(entry, "name"): mapping(entry, "labels")
            for entry in items(values, "namespaceSelector")
        }

    def namespace(self, name: str) -> dict[str, Any]:
        known = super().namespace(name)
        if not isinstance(known, Unknown):
            return known
        labels = {**self._labels.get(name, {}), NAME_LABEL: name}
        return {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, "labels": labels},
        }


class _Work:
    def __init__(
        self,
        suite: Suite,
        policies: tuple[Compilation, ...],
        resources: tuple[dict[str, Any], ...],
    ) -> None:
        self._suite = suite
        self._policies = policies
        self._resources = resources
        self._cluster = _TestCluster(resources, suite.values)
        self._outcomes: dict[tuple[int, int], list[tuple[str, Outcome]]] = {}

    def expectations(self, entry: Any, route: Route) -> Iterator[Expectation]:
        source, document = self._suite.file, self._suite.document
        policy, rule = text(entry, "policy").rpartition("/")[2], text(entry, "rule")
        kind = text(entry, "kind")
        expected = text(entry, "result") or text(entry, "status")
        names = [*items(entry, "resources")]
        names += [entry["resource"]] if text(entry, "resource") else []
        for index, name in enumerate(names):
            place = SourceOrigin(source, document).trace((*route, "resources", index)).location
            got, why = self._got(policy, rule, kind, str(name))
            yield Expectation(policy, rule, kind, str(name), expected, got, why, place)

    def _got(self, policy: str, rule: str, kind: str, name: str) -> tuple[str, str]:
        found: list[Outcome] = []
        if not any(made.policy.name == policy for made in self._policies):
            return _NOT_EVALUATED, f"there is no policy {policy} with rules in CEL"
        namespace, _, bare = name.rpartition("/")
        for number, compilation in enumerate(self._policies):
            if compilation.policy.name != policy:
                continue
            if compilation.faults:
                return "error", compilation.faults[0].problem.message
            for index, value in enumerate(self._resources):
                if text(value, "metadata", "name") != bare or kind not in ("", text(value, "kind")):
                    continue
                if namespace and _namespace_of(value) != namespace:
                    continue
                outcomes = self._judged(number, index)
                found += [item for name, item in outcomes if _is_rule(rule, name)]
        return _summary(found)

    def _judged(self, number: int, index: int) -> list[tuple[str, Outcome]]:
        key = (number, index)
        if key not in self._outcomes:
            policy = self._policies[number]
            admission = self._admission(policy.policy.name, self._resources[index])
            self._outcomes[key] = [
                (clause.clause.name, _settled(outcome, failing_open=clause.clause.failing_open))
                for clause in policy.clauses
                for outcome in judge(clause, admission)
            ]
        return self._outcomes[key]

    def _admission(self, policy: str, value: dict[str, Any]) -> Admission:
        namespaced = {**value, "metadata": {**mapping(value, "metadata")}}
        namespaced["metadata"].setdefault("namespace", _namespace_of(value))
        operation = self._operation(policy, text(value, "metadata", "name"))
        return Admission(namespaced, self._cluster, operation, decode=dict)

    def _operation(self, policy: str, name: str) -> str:
        values = self._suite.values
        said = at(values, ("globalValues", "request.operation"))
        for entry in items(values, "policies"):
            if text(entry, "name") != policy:
                continue
            for resource in items(entry, "resources"):
                if text(resource, "name") == name:
                    said = at(resource, ("values", "request.operation"))
        return said if isinstance(said, str) else "CREATE"


def _namespace_of(value: Mapping[str, Any]) -> str:
    return text(value, "metadata", "namespace") or DEFAULT_NAMESPACE


def _is_rule(wanted: str, name: str) -> bool:
    return not wanted or name in (wanted, f"autogen-{wanted}", f"autogen-cronjob-{wanted}")


def _settled(outcome: Outcome, *, failing_open: bool) -> Outcome:
    """An expression without a value denies, unless the failure policy lets it through."""
    if outcome.status is not Status.ERROR or failing_open:
        return outcome
    return Outcome(Status.FAIL, outcome.message)


_ORDER = (Status.FAIL, Status.ERROR, Status.UNKNOWN, Status.PASS, Status.SKIP)


def _summary(outcomes: list[Outcome]) -> tuple[str, str]:
    """The word for all outcomes of one rule and resource, and the first message behind it."""
    for status in _ORDER:
        found = [item for item in outcomes if item.status is status]
        if found:
            word = _NOT_EVALUATED if status is Status.UNKNOWN else status.value
            return word, found[0].message
    return "skip", "no rule is about it"
