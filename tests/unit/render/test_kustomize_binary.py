from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from gitops_ci.render.result import Result
from gitops_ci.tools.run import Outcome
from tests.support.rendering import Answer, FakePrograms, lines, origin_line, prints, renderer_of

BASE = {
    "app/kustomization.yaml": (
        "resources:\n  - web.yaml\nnamePrefix: dev-\n"
        "configMapGenerator:\n  - name: settings\n    literals: [a=b]\n"
    ),
    "app/web.yaml": (
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: ClusterIP\n"
    ),
}
OUTPUT = (
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: dev-web\nspec:\n  type: ClusterIP\n---\n"
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: dev-settings-abc\ndata: {a: b}\n"
)


def _build(
    files: dict[str, str], answer: Answer, name: str = "kustomize", **options: object
) -> Result:
    programs = FakePrograms({name: answer})
    renderer = renderer_of(files, programs=programs, engine="kustomize", **options)
    return renderer.context.engine.build("app")


def test_objects_point_at_their_resource_or_generator() -> None:
    service, settings = _build(BASE, prints(OUTPUT)).objects
    assert origin_line(service, "spec", "type") == "app/web.yaml:6"
    assert origin_line(settings) == "app/kustomization.yaml:5"
    assert not service.origin.trace(("spec", "type")).exact


def test_kubectl_stands_in() -> None:
    programs = FakePrograms({"kubectl": prints(OUTPUT)})
    renderer = renderer_of(BASE, programs=programs, engine="kustomize")
    assert len(renderer.context.engine.build("app").objects) == 2
    ((words, env),) = programs.calls
    assert words[1] == "kustomize"
    assert "enable-exec" not in " ".join(words)
    assert env["GIT_ALLOW_PROTOCOL"] == "none"


def test_the_load_restrictor_is_lifted_only_when_that_is_the_obstacle() -> None:
    def answer(argv: Sequence[str | Path], cwd: Path) -> Outcome:
        if "LoadRestrictionsNone" in argv:
            return Outcome(0, OUTPUT.encode(), "")
        return Outcome(1, b"", "Error: security; file 'x' is not in or below '/app'")

    assert len(_build(BASE, answer).objects) == 2
    refused = _build(BASE, answer, load_restrictor="root-only")
    assert [finding.rule.id for finding in refused.findings] == ["kustomize/outside-root"]


@pytest.mark.parametrize(
    ("kustomization", "reason"),
    [
        ("resources: ['https://example.org/x.yaml']\n", "remote-base"),
        ("resources: ['git@git.example:org/repo.git?ref=v1']\n", "remote-base"),
        ("helmCharts: [{name: redis, repo: 'https://charts.example'}]\n", "remote-chart"),
    ],
)
def test_what_has_to_be_fetched_never_reaches_the_binary(kustomization: str, reason: str) -> None:
    def answer(argv: Sequence[str | Path], cwd: Path) -> Outcome:
        raise AssertionError("the binary must not run")

    (skip,) = _build({"app/kustomization.yaml": kustomization}, answer).skipped
    assert skip.reason == reason
    assert "app/kustomization.yaml:1" in skip.detail


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd"])
def test_what_leaves_the_repository_never_reaches_the_binary(path: str) -> None:
    def answer(argv: Sequence[str | Path], cwd: Path) -> Outcome:
        raise AssertionError("the binary must not run")

    files = {
        "app/kustomization.yaml": f"configMapGenerator:\n  - name: x\n    files:\n      - {path}\n"
    }
    result = _build(files, answer)
    assert lines(result.findings) == [("kustomize/outside-repository", "app/kustomization.yaml", 4)]


@pytest.mark.parametrize(
    ("error", "rule", "place"),
    [
        (
            (
                "accumulating resources: accumulation err='accumulating resources from 'web.yaml': "
                "evalsymlink failure on '{root}/app/web.yaml' : "
                "lstat {root}/app/web.yaml: no such file or directory'"
            ),
            "kustomize/missing-resource",
            ("app/kustomization.yaml", 2),
        ),
        (
            'invalid Kustomization: json: unknown field "namePrefix"',
            "kustomize/invalid-field",
            ("app/kustomization.yaml", 3),
        ),
        (
            (
                "json: cannot unmarshal number into Go struct field Kustomization.resources "
                "of type []string"
            ),
            "kustomize/invalid-field",
            ("app/kustomization.yaml", 1),
        ),
        (
            (
                "accumulating resources: MalformedYAMLError: yaml: line 3: mapping values are not "
                "allowed in File: web.yaml"
            ),
            "kustomize/invalid-resource",
            ("app/web.yaml", 1),
        ),
        (
            (
                "merging resources from 'web.yaml': may not add resource with an already "
                "registered id: Service.v1.[noGrp]/web.[noNs]"
            ),
            "kustomize/duplicate-id",
            ("app/web.yaml", 4),
        ),
        ("something nobody has seen", "kustomize/build-failed", ("app/kustomization.yaml", 1)),
    ],
)
def test_a_failure_is_found_on_the_line_to_blame(
    error: str, rule: str, place: tuple[str, int]
) -> None:
    def answer(argv: Sequence[str | Path], cwd: Path) -> Outcome:
        return Outcome(1, b"", "Error: " + error.replace("{root}", str(cwd)) + "\n")

    result = _build(BASE, answer)
    assert lines(result.findings) == [(rule, *place)]
    assert "/repository" not in result.findings[0].message
    assert "line 3" not in result.findings[0].message


def test_a_field_below_another_one_is_found_too() -> None:
    files = {"app/kustomization.yaml": "resources: []\nreplicas:\n  - name: web\n    cont: 3\n"}
    error = 'Error: invalid Kustomization: json: unknown field "cont"\n'
    (finding,) = _build(files, lambda argv, cwd: Outcome(1, b"", error)).findings
    assert (finding.location.line, finding.message) == (4, "kustomize knows no field 'cont' here")


def test_plugins_are_external() -> None:
    result = _build(BASE, prints(error="Error: external plugins disabled; 'ksops'", code=1))
    assert [(skip.reason, skip.detail) for skip in result.skipped] == [
        ("plugin", "external plugins disabled; 'ksops'")
    ]


def test_without_a_binary_the_installer_is_named() -> None:
    result = renderer_of(BASE, engine="kustomize").context.engine.build("app")
    assert [skip.reason for skip in result.skipped] == ["missing-tool"]
    assert "gitops-ci tools install kustomize" in result.skipped[0].detail


def test_time_is_limited() -> None:
    result = _build(BASE, lambda argv, cwd: Outcome(-9, b"", "", timed_out=True))
    assert [skip.reason for skip in result.skipped] == ["timeout"]
