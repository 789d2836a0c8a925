"""Cases: a file holds policies, objects, and what the policies say about the objects.

A line of `expected` is `POLICY KIND/NAME STATUS`, with ` @ROUTE` where something fails and
`: MESSAGE` where there is one. Objects that no policy is about have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.cel.fields import field_of
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.documents.read import read
from gitops_ci.policy.admission.admission import Admission
from gitops_ci.policy.admission.cluster import Cluster
from gitops_ci.policy.admission.judge import Outcome, Status, judge
from gitops_ci.policy.admission.sources import compiled, policies_in
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.origins import SourceOrigin

CASES = sorted(Path(__file__).with_name("cases").glob("*.yaml"))


def line(policy: str, value: dict[str, Any], outcome: Outcome) -> str:
    words = f"{policy} {value['kind']}/{value['metadata']['name']} {outcome.status.value}"
    if outcome.status is Status.FAIL:
        assert outcome.validation is not None
        assert outcome.trial is not None
        route = field_of(outcome.validation.compiled.program, outcome.trial.values)
        words += f" @{'.'.join(map(str, route or ()))}"
    return f"{words}: {outcome.message}" if outcome.message else words


def verdicts(objects: list[RenderedObject]) -> Iterator[str]:
    policies = list(compiled(policies_in(objects)))
    cluster = Cluster(thing.value for thing in objects)
    for made in policies:
        assert not made.faults
        for thing in objects:
            for clause in made.clauses:
                for outcome in judge(clause, Admission(thing.value, cluster)):
                    name = clause.clause.name
                    rule = f"{made.policy.name}/{name}" if name else made.policy.name
                    yield line(rule, thing.value, outcome)


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_case(path: Path) -> None:
    source = read(path.name, path.read_bytes())
    assert not source.problems
    expected: list[str] = []
    objects = []
    for manifest in manifests_of(source):
        if "expected" in manifest.value:
            expected = manifest.value["expected"]
            continue
        origin = SourceOrigin(source, manifest.document, manifest.route)
        objects.append(RenderedObject(manifest.value, origin))
    assert list(verdicts(objects)) == expected
