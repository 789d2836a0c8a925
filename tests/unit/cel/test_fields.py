"""Which field an expression speaks of, where it does not come out true."""

from __future__ import annotations

import pytest

from gitops_ci.cel.engine import Environment
from gitops_ci.cel.fields import field_of
from gitops_ci.policy.admission.variables import bound

DEPLOYMENT = {
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "replicas": 5,
        "containers": [
            {"name": "a", "image": "r/a:1", "securityContext": {"privileged": False}},
            {"name": "b", "image": "b:latest", "securityContext": {"privileged": True}},
        ],
        "initContainers": [
            {"name": "i", "image": "r/i:1", "securityContext": {"capabilities": {"drop": ["NET"]}}}
        ],
    },
}
VARIABLES = {
    "every": "object.spec.containers + object.spec.?initContainers.orValue([])"
    " + object.spec.?ephemeralContainers.orValue([])",
    "images": "variables.every.map(c, c.image)",
    "inits": "object.spec.initContainers.filter(c, has(c.image))",
}
CASES = [
    ("object.spec.replicas < 3", "spec.replicas"),
    ("3 > object.spec.replicas", "spec.replicas"),
    ("object.spec.replicas in [1, 2]", "spec.replicas"),
    ("has(object.spec.paused)", "spec.paused"),
    ("!has(object.spec.replicas)", "spec.replicas"),
    ("object.spec.paused == true", "spec.paused"),
    ("has(object.metadata.labels.team)", "metadata.labels.team"),
    ("'team' in object.metadata.labels", "metadata.labels"),
    ("object.metadata.?labels['team'].orValue('') != ''", "metadata.labels.team"),
    ("object.metadata.labels.all(k, v, v != 'web')", "metadata.labels.app"),
    ("object.metadata.name == 'x' && object.spec.replicas == 5", "metadata.name"),
    ("object.metadata.name == 'web' && object.spec.replicas == 4", "spec.replicas"),
    ("object.metadata.name == 'x' || object.spec.replicas == 4", "metadata.name"),
    ("!(object.metadata.name == 'web' || object.spec.replicas == 4)", "metadata.name"),
    ("object.spec.replicas > 1 ? size(object.spec.containers) > 4 : true", "spec.containers"),
    ("object.spec.missing ? true : false", "spec.missing"),
    (
        "object.spec.containers.all(c, c.?securityContext.privileged.orValue(false) != true)",
        "spec.containers.1.securityContext.privileged",
    ),
    ("!object.spec.containers.exists(c, c.image.endsWith(':latest'))", "spec.containers.1.image"),
    ("object.spec.containers.exists(c, c.name == 'z')", "spec.containers"),
    ("object.spec.containers.exists_one(c, has(c.image))", "spec.containers"),
    ("object.spec.containers.all(c, has(c.resources))", "spec.containers.0.resources"),
    ("object.spec.containers[1].image == 'x'", "spec.containers.1.image"),
    (
        "object.spec.containers.filter(c, c.name == 'b').all(c, c.image.startsWith('r/'))",
        "spec.containers.1.image",
    ),
    (
        "variables.every.all(c, 'ALL' in c.?securityContext.?capabilities.?drop.orValue([]))",
        "spec.containers.0.securityContext.capabilities.drop",
    ),
    ("variables.images.all(i, !i.contains('latest'))", "spec.containers.1.image"),
    ("variables.inits.all(c, c.name == 'x')", "spec.initContainers.0.name"),
    ("quantity('1') == quantity(string(object.spec.replicas))", "spec.replicas"),
    ("1 > 2", None),
]


@pytest.mark.parametrize(("expression", "route"), CASES)
def test_it_is_the_field_that_somebody_has_to_change(expression: str, route: str | None) -> None:
    program = Environment({"object": "dyn"}).compile(bound(expression, VARIABLES))
    found = field_of(program, {"object": DEPLOYMENT})
    assert (found and ".".join(map(str, found))) == route
