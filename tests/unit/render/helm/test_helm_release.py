from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from gitops_ci.render.helm.release import Release
from gitops_ci.render.helm.values import file_layer
from gitops_ci.render.result import Result
from gitops_ci.tools.run import Outcome
from tests.support.rendering import Answer, FakePrograms, lines, origin_line, prints, renderer_of

CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "chart/values.yaml": "replicas: 1\nimage:\n  name: nginx\n  tag: '1.27'\n",
    "chart/templates/web.yaml": dedent(
        """\
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
          paused: true
          extra:
            {{- toYaml .Values.extra | nindent 4 }}
        """
    ),
    "prod.yaml": "replicas: 3\nextra:\n  level: high\n",
}
SCHEMA = (
    "Error: values don't meet the specifications of the schema(s) in the following chart(s):\n"
    "shop:\n"
)
OUTPUT = dedent(
    """\
    ---
    # Source: shop/templates/web.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
      image: "nginx:1.27"
      paused: true
      extra:
        level: high
    """
)


def _render(answer: Answer, *, deployed: bool = True, **more: str) -> Result:
    programs = FakePrograms({"helm": answer})
    files = CHART | {path.replace("__", "/"): text for path, text in more.items()}
    context = renderer_of(files, programs=programs).context
    layers = (file_layer(context.files, "prod.yaml"),)
    return context.helm.render(Release("chart", "web", "shop", layers, deployed=deployed))


def test_each_value_points_at_the_line_that_set_it() -> None:
    (web,) = _render(prints(OUTPUT)).objects
    assert origin_line(web, "spec", "replicas") == "prod.yaml:1"
    assert origin_line(web, "spec", "extra", "level") == "prod.yaml:3"
    assert origin_line(web, "spec", "image") == "chart/values.yaml:4"
    assert origin_line(web, "spec", "paused") == "chart/templates/web.yaml:8"
    assert origin_line(web, "metadata", "name") == "chart/templates/web.yaml:4"
    assert origin_line(web, "spec", "absent") == "chart/templates/web.yaml:5"
    exact = [web.origin.trace(route).exact for route in (("spec", "replicas"), ("spec", "image"))]
    assert exact == [True, False]


def test_helm_gets_a_private_copy_and_a_closed_network() -> None:
    programs = FakePrograms()

    def answer(argv: Sequence[str | Path], cwd: Path) -> Outcome:
        words = [str(word) for word in argv]
        assert Path(words[3], "templates/web.yaml").is_file()
        values = words[words.index("--values") + 1]
        assert Path(values).read_text() == CHART["prod.yaml"]
        return Outcome(0, OUTPUT.encode(), "")

    programs.answers = {"helm": answer}
    context = renderer_of(CHART, programs=programs).context
    layers = (file_layer(context.files, "prod.yaml"),)
    result = context.helm.render(Release("chart", "web", "shop", layers))
    assert len(result.objects) == 1
    ((words, env),) = programs.calls
    assert words[1:3] == ["template", "web"]
    assert words[words.index("--namespace") + 1] == "shop"
    assert words[words.index("--kube-version") + 1].count(".") == 2
    assert {"--include-crds", "--skip-tests"} <= set(words)
    assert env["HELM_PLUGINS"].startswith(env["HOME"])
    assert env["HTTPS_PROXY"] == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("error", "place"),
    [
        (
            "Error: execution error at (shop/templates/web.yaml:6:3): say a number",
            ("chart/templates/web.yaml", 6),
        ),
        (
            "Error: parse error at (shop/templates/web.yaml:2): unexpected EOF",
            ("chart/templates/web.yaml", 2),
        ),
        (
            (
                'Error: template: shop/templates/web.yaml:7:14: executing "x" at '
                "<.Values.image.name.x>: nil pointer evaluating"
            ),
            ("chart/values.yaml", 3),
        ),
        (
            (
                "Error: YAML parse error on shop/templates/web.yaml: error converting YAML to "
                "JSON: yaml: line 6: did not"
            ),
            ("chart/templates/web.yaml", 1),
        ),
        (
            f"{SCHEMA}- replicas: Invalid type.",
            ("prod.yaml", 1),
        ),
        (
            f"{SCHEMA}- at '/image/tag': got string",
            ("chart/values.yaml", 4),
        ),
        ("Error: something else", ("chart/Chart.yaml", 1)),
    ],
)
def test_a_failure_is_found_on_the_line_to_blame(error: str, place: tuple[str, int]) -> None:
    result = _render(
        prints(error=f"{error}\n\nUse --debug flag to render out invalid YAML", code=1)
    )
    assert lines(result.findings) == [("helm/template-failed", *place)]
    assert "line 6" not in result.findings[0].message
    assert "--debug" not in result.findings[0].message


def test_a_chart_that_nobody_deploys_may_lack_values() -> None:
    result = _render(prints(error="Error: execution error at x: required", code=1), deployed=False)
    assert result.findings == ()
    assert [skip.reason for skip in result.skipped] == ["helm-template"]


def test_faults_in_the_output_are_those_of_the_template() -> None:
    doubled = OUTPUT.replace("  paused: true\n", "  paused: true\n  paused: false\n")
    result = _render(prints(doubled))
    assert lines(result.findings) == [("helm/invalid-output", "chart/templates/web.yaml", 1)]
    assert "'paused' twice" in result.findings[0].message


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome(-9, b"", "", timed_out=True), "timeout"),
        (Outcome(0, b"", "", truncated=True), "too-large"),
    ],
)
def test_endless_and_huge_output_is_a_named_skip(outcome: Outcome, reason: str) -> None:
    result = _render(lambda argv, cwd: outcome)
    assert [skip.reason for skip in result.skipped] == [reason]


def test_without_helm_the_installer_is_named() -> None:
    result = renderer_of(CHART).context.helm.render(Release("chart"))
    assert [(skip.path, skip.reason) for skip in result.skipped] == [("chart", "missing-tool")]
    assert "gitops-ci tools install helm" in result.skipped[0].detail


def test_dependencies_are_vendored_local_or_external() -> None:
    seen: list[str] = []

    def answer(argv: Sequence[str | Path], cwd: Path) -> Outcome:
        chart = Path(str(argv[3]))
        seen.extend(sorted(str(p.relative_to(chart)) for p in chart.rglob("Chart.yaml")))
        return Outcome(0, b"", "")

    local = CHART["chart/Chart.yaml"] + (
        "dependencies:\n"
        "  - {name: lib, repository: 'file://../lib', version: 1.x}\n"
        "  - {name: db, version: 2.x, repository: 'https://charts.example'}\n"
    )
    vendored = {
        "chart/Chart.yaml": local,
        "lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\n",
        "chart/charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 2.0.0\n",
    }
    programs = FakePrograms({"helm": answer})
    context = renderer_of(CHART | vendored, programs=programs).context
    assert context.helm.render(Release("chart")).skipped == ()
    assert seen == ["Chart.yaml", "charts/db/Chart.yaml", "charts/lib/Chart.yaml"]
    del vendored["chart/charts/db/Chart.yaml"]
    context = renderer_of(CHART | vendored, programs=programs).context
    (skip,) = context.helm.render(Release("chart")).skipped
    assert skip.reason == "remote-chart"
    assert "'db' (chart/Chart.yaml:6) from https://charts.example" in skip.detail


def test_values_of_a_subchart_are_found_under_its_name() -> None:
    files = CHART | {
        "chart/Chart.yaml": CHART["chart/Chart.yaml"]
        + "dependencies: [{name: db, version: '*'}]\n",
        "chart/values.yaml": "db:\n  size: 5\n",
        "chart/charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 2.0.0\n",
        "chart/charts/db/values.yaml": "size: 1\nmode: fast\n",
        "chart/charts/db/templates/db.yaml": (
            "kind: Database\nspec:\n  size: {{ .Values.size }}\n  mode: {{ .Values.mode }}\n"
        ),
    }
    head = "---\n# Source: shop/charts/db/templates/db.yaml\nkind: Database\n"
    output = f"{head}spec:\n  size: 5\n  mode: fast\n"
    context = renderer_of(files, programs=FakePrograms({"helm": prints(output)})).context
    (item,) = context.helm.render(Release("chart")).objects
    assert origin_line(item, "spec", "size") == "chart/values.yaml:2"
    assert origin_line(item, "spec", "mode") == "chart/charts/db/values.yaml:2"
