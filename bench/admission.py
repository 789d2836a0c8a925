"""What a policy in CEL costs for one object."""

from __future__ import annotations

from collections.abc import Iterator

from bench.clock import of_call
from bench.figure import Figure, most, shown
from bench.repository import Repository
from gitops_ci.cel.engine import is_installed
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.documents.read import read
from gitops_ci.policy.admission.check import AdmissionCheck
from gitops_ci.policy.admission.cluster import Cluster
from gitops_ci.policy.admission.sources import Compilation, compiled, policies_in
from gitops_ci.render.objects import Rendered, RenderedObject
from gitops_ci.render.origins import SourceOrigin

EXPRESSIONS = (
    "variables.every.all(c, has(c.image) && !c.image.endsWith(':latest'))",
    "variables.every.all(c, c.?securityContext.?privileged.orValue(false) != true)",
    "variables.every.all(c, quantity(c.resources.limits.memory).isLessThan(quantity('64Gi')))",
    "!has(object.spec.template.spec.hostNetwork) || !object.spec.template.spec.hostNetwork",
    "object.spec.replicas <= 50 && object.metadata.name.matches('^[a-z]')",
)
POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {{name: policy-{number}}}
spec:
  matchConstraints:
    resourceRules:
    - {{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: [deployments]}}
  variables:
  - name: every
    expression: "object.spec.template.spec.containers
      + object.spec.template.spec.?initContainers.orValue([])"
  validations:
  - expression: "{expression}"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {{name: policy-{number}}}
spec: {{policyName: policy-{number}, validationActions: [Deny]}}
"""


def admission(repository: Repository) -> Iterator[Figure]:
    """Compiling, and asking each policy about each Deployment."""
    if not is_installed():
        yield Figure("a CEL policy, per object", "no cel-expr-python", "≤ 60 µs")
        return
    cost = of_call(lambda: list(_policies()))
    yield shown("a CEL policy, compiled once", cost / len(EXPRESSIONS) * 1000, "ms")
    policies = tuple(_policies())
    rendered = [
        Rendered(root, tuple(thing for thing in objects if thing.ref.kind == "Deployment"))
        for root, objects in repository.rendered
    ]
    count = sum(len(item.objects) for item in rendered) * len(policies)

    def job() -> None:
        check = AdmissionCheck(policies, lambda _: Cluster(()))
        if list(check.findings(rendered)) or check.skipped():
            raise RuntimeError("the generated repository breaks a policy")

    yield most("a CEL policy, per object", of_call(job) / count * 1e6, 60, "µs")


def _policies() -> Iterator[Compilation]:
    texts = (
        POLICY.format(number=number, expression=expression)
        for number, expression in enumerate(EXPRESSIONS)
    )
    source = read("policies.yaml", "---\n".join(texts).encode())
    return compiled(
        policies_in(
            RenderedObject(item.value, SourceOrigin(source, item.document, item.route))
            for item in manifests_of(source)
        )
    )
