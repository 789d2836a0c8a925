"""`rules test`: cases that come out as expected, and what is said about the others."""

from __future__ import annotations

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: b}
spec:
  containers:
  - name: a
    image: "example/a:1.0.0"
    securityContext:
      privileged: true
"""
SCHEMA = '{"type": "object", "properties": {"tag": {"type": "string"}}}'
FILES = {
    ".gitops-ci.yaml": (
        "policy:\n  packs: [pss-baseline]\n"
        "  schemas: [{files: 'values*.yaml', schema: values.schema.json}]\n"
    ),
    "values.schema.json": SCHEMA,
    "tests/bad.yaml": POD,
    "tests/good.yaml": POD.replace("true", "false"),
    "tests/values-bad.yaml": "tag: 3\n",
}


def _cases(*cases: str) -> dict[str, str]:
    return {**FILES, "tests/gitops-ci-test.yaml": "cases:\n" + "".join(f"- {c}\n" for c in cases)}


GOOD = [
    "{file: good.yaml}",
    "{file: bad.yaml, expect: [{rule: pss/privileged, line: 9}]}",
    "{file: bad.yaml, expect: [{rule: pss/privileged, severity: error, message: \"'a' is\"}]}",
    "{file: bad.yaml, environment: prod, expect: [{rule: pss/privileged}]}",
    "{file: values-bad.yaml, expect: [{rule: policy/values, line: 1}]}",
]
BAD = [
    ("{file: bad.yaml}", "not expected: line 9 error pss/privileged"),
    ("{file: good.yaml, expect: [{rule: pss/privileged}]}", "missing: pss/privileged"),
    (
        "{file: bad.yaml, expect: [{rule: pss/privileged, line: 8}]}",
        "missing: line 8 pss/privileged",
    ),
    (
        "{file: bad.yaml, expect: [{rule: pss/privileged}, {rule: pss/privileged}]}",
        "missing: pss/privileged",
    ),
]


@pytest.mark.parametrize("case", GOOD)
def test_a_case_that_comes_out_as_expected(repository: Repository, case: str) -> None:
    repository.commit(_cases(case))
    ended = gitops_ci(repository.root, "rules", "test", "tests")
    assert ended.code == 0, ended.out + ended.err
    assert ended.out == "1 of 1 expectations are met\n"


@pytest.mark.parametrize(("case", "words"), BAD)
def test_a_case_that_does_not(repository: Repository, case: str, words: str) -> None:
    repository.commit(_cases(case, GOOD[0]))
    ended = gitops_ci(repository.root, "rules", "test", "tests")
    assert ended.code == 1
    assert words in ended.out
    assert ended.out.endswith("1 of 2 expectations are met\n")


def test_what_cannot_be_judged_is_no_success(repository: Repository) -> None:
    config = "policy: {packs: [], engines: [{command: [no-such-tool, '{objects}']}]}\n"
    repository.commit({**_cases(GOOD[0]), ".gitops-ci.yaml": config})
    ended = gitops_ci(repository.root, "rules", "test", "tests")
    assert ended.code == 3
    assert "missing-tool" in ended.out


FAULTS = [
    ({}, 2, "there is no test file"),
    ({"tests/gitops-ci-test.yaml": "cases: [{fil: a.yaml}]\n"}, 2, "unknown key 'fil'"),
    ({"tests/gitops-ci-test.yaml": "cases: [{file: no.yaml}]\n"}, 2, "tests/no.yaml"),
]


@pytest.mark.parametrize(("files", "code", "words"), FAULTS)
def test_faulty_tests(repository: Repository, files: dict[str, str], code: int, words: str) -> None:
    repository.commit({**FILES, **files})
    ended = gitops_ci(repository.root, "rules", "test")
    assert ended.code == code
    assert words in ended.out + ended.err


def test_rules_of_a_pack_and_what_they_mean(repository: Repository) -> None:
    repository.commit(FILES)
    listed = gitops_ci(repository.root, "rules", "list", "--pack", "pss-baseline").out
    assert "pss/privileged" in listed
    assert "image/mutable-tag" not in listed
    told = gitops_ci(repository.root, "explain", "pss/privileged").out
    assert told.startswith("pss/privileged (error)\n")
    for words in ("pss-baseline", "https://kubernetes.io/"):
        assert words in told
