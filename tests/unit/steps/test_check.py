"""The main job on small repositories: what passes, what blocks, what is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

GOOD = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  colour: blue
"""
BAD = GOOD.replace("metadata:", "metadta:")
BASE = {
    "apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
    "apps/web/base/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
""",
    "apps/web/overlays/dev/kustomization.yaml": "resources: [../../base]\n",
    "apps/web/overlays/prod/kustomization.yaml": """\
resources: [../../base]
patches:
- path: patch.yaml
""",
    "apps/web/overlays/prod/patch.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
""",
}


def test_a_good_repository_passes(repository: Repository) -> None:
    repository.commit({"a.yaml": GOOD, **BASE})
    ended = gitops_ci(repository.root, "check", "--format", "json")
    assert (ended.code, ended.places()) == (0, [])
    checked = ended.report["summary"]["checked"]
    assert (checked["roots"], checked["objects"], checked["files"]) == (3, 3, 5)


def test_a_fault_blocks_at_its_line(repository: Repository) -> None:
    repository.commit({"a.yaml": BAD})
    ended = gitops_ci(repository.root, "check", "--format", "json")
    assert ended.code == 1
    assert ("a.yaml", 3, "schema/unknown-field") in ended.places("error")


def test_a_fault_in_an_overlay_names_the_patch(repository: Repository) -> None:
    patch = BASE["apps/web/overlays/prod/patch.yaml"].replace("replicas", "replicsa")
    repository.commit({**BASE, "apps/web/overlays/prod/patch.yaml": patch})
    ended = gitops_ci(repository.root, "check", "--format", "json")
    assert ended.code == 1
    (finding,) = ended.report["findings"]
    assert (finding["path"], finding["line"]) == ("apps/web/overlays/prod/patch.yaml", 5)
    assert finding["environment"] == "prod"
    assert "replicas" in finding["hint"]


def test_one_fault_in_a_base_is_one_finding(repository: Repository) -> None:
    web = BASE["apps/web/base/web.yaml"].replace("image:", "imagee:")
    repository.commit({**BASE, "apps/web/base/web.yaml": web})
    ended = gitops_ci(repository.root, "check", "--format", "json")
    (finding,) = ended.report["findings"]
    assert (finding["path"], finding["line"]) == ("apps/web/base/web.yaml", 11)
    assert len(finding["related"]) >= 1


def test_a_syntax_error_leaves_the_rest_checked(repository: Repository) -> None:
    repository.commit({"a.yaml": "apiVersion: v1\nkind: [\n", "b.yaml": BAD})
    ended = gitops_ci(repository.root, "check", "--format", "json")
    rules = {rule for _, _, rule in ended.places("error")}
    assert {"yaml/syntax", "schema/unknown-field"} <= rules


def test_a_finding_behind_a_link_stands_in_the_file_itself(repository: Repository) -> None:
    repository.write({"real/a.yaml": BAD, "apps/kustomization.yaml": "resources: [../linked]\n"})
    repository.write({"real/kustomization.yaml": "resources: [a.yaml]\n"})
    os.symlink("real", repository.root / "linked")
    repository.commit()
    ended = gitops_ci(repository.root, "check", "--format", "sarif")
    places = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in ended.report["runs"][0]["results"]
    ]
    assert set(places) == {"real/a.yaml"}


def test_a_missing_base_is_a_finding(repository: Repository) -> None:
    repository.commit({"o/kustomization.yaml": "resources:\n- ../nowhere\n"})
    ended = gitops_ci(repository.root, "check", "--format", "json")
    assert ended.code in (1, 3)
    assert [(path, line) for path, line, _ in ended.places("error")] == [
        ("o/kustomization.yaml", 2)
    ]


def test_finished_yaml_from_a_folder(repository: Repository) -> None:
    repository.commit({"README.md": "x"})
    repository.write({"out/prod/a.yaml": BAD})
    ended = gitops_ci(repository.root, "check", "--rendered", "out/prod=prod", "--format", "json")
    assert ended.code == 1
    assert {item["environment"] for item in ended.report["findings"]} == {"prod"}
    assert ended.report["findings"][0]["path"] == "out/prod/a.yaml"


def test_finished_yaml_is_all_that_is_counted_and_shown(repository: Repository) -> None:
    repository.commit({"README.md": "x", **BASE})
    repository.write({"out/prod/a.yaml": BAD + "---\n- stray\n"})
    words = ["check", "--rendered", "out/prod=prod"]
    report = gitops_ci(repository.root, *words, "--format", "json").report
    assert report["summary"]["checked"]["files"] == 1
    assert report["summary"]["skipped"] == []
    assert ("out/prod/a.yaml", 8, "yaml/not-an-object") in [
        (item["path"], item["line"], item["rule"]) for item in report["findings"]
    ]
    assert "3 │ metadta:" in gitops_ci(repository.root, *words).out


def test_a_run_over_some_paths_counts_what_it_looks_at(repository: Repository) -> None:
    repository.commit({"README.md": "x", "plain/a.yaml": GOOD, **BASE})
    summary = gitops_ci(repository.root, "check", "plain", "--format", "json").report["summary"]
    assert (summary["checked"]["files"], summary["checked"]["roots"]) == (1, 1)
    assert summary["skipped"] == []
    prod = gitops_ci(repository.root, "check", "apps/web/overlays/prod", "--format", "json")
    assert prod.report["summary"]["checked"]["files"] == 3
    assert {(skip["path"], skip["reason"]) for skip in prod.report["summary"]["skipped"]} == {
        ("apps/web/base", "base"),
        ("apps/web/overlays/prod/patch.yaml", "patch"),
    }


@pytest.mark.parametrize("word", ["yes", "off", "12:30"])
def test_words_that_kustomize_reads_as_text_are_doubtful(repository: Repository, word: str) -> None:
    settings = GOOD.replace("blue", word)
    patch = f"kind: ConfigMap\napiVersion: v1\nmetadata: {{name: settings}}\ndata: {{a: {word}}}\n"
    kustomization = "resources: [a.yaml]\npatches: [{path: patch.yaml}]\n"
    repository.commit(
        {"o/kustomization.yaml": kustomization, "o/a.yaml": settings, "o/patch.yaml": patch}
    )
    ended = gitops_ci(repository.root, "check", "--format", "json")
    assert ended.places("warning") == [
        ("o/a.yaml", 6, "yaml/ambiguous-scalar"),
        ("o/patch.yaml", 4, "yaml/ambiguous-scalar"),
    ]


def test_a_configuration_outside_of_the_repository(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.yaml": BAD})
    named = tmp_path / "platform.yaml"
    named.write_text("report: {failOn: never}\n")
    for name in (str(named), os.path.relpath(named, repository.root)):
        assert gitops_ci(repository.root, "--config", name, "check").code == 0
        shown = gitops_ci(repository.root, "--config", name, "config", "explain", "report.failOn")
        assert f"{named}:1:10" in shown.out


@pytest.mark.parametrize(
    ("level", "code"), [("error", 0), ("warning", 0), ("note", 1), ("never", 0)]
)
def test_fail_on(repository: Repository, level: str, code: int) -> None:
    unknown = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: x}\n"
    repository.commit({"a.yaml": unknown})
    assert gitops_ci(repository.root, "check", "--fail-on", level).code == code


def test_reports_are_written_to_files(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.yaml": BAD})
    target = tmp_path / "reports"
    words = [f"--output={name}={target / name}" for name in ("json", "sarif", "junit", "markdown")]
    ended = gitops_ci(repository.root, "check", *words)
    assert ended.code == 1
    assert json.loads((target / "json").read_text())["status"] == "fail"
    assert json.loads((target / "sarif").read_text())["version"] == "2.1.0"
    assert (target / "junit").read_text().startswith("<?xml")
    assert "metadta" in (target / "markdown").read_text()
    assert "merge blocked" in ended.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["check", "nowhere"], 2, "there is no nowhere"),
        (["check", "../.."], 2, "outside of the repository"),
        (["check", "--shard", "3/2"], 2, "--shard 3/2"),
        (["check", "--output", "sarif"], 2, "FORMAT=PATH"),
        (["check", "--changed-since", "nope"], 2, "revision 'nope'"),
        (["check", "--rendered", "x"], 2, "DIR=ENV"),
        (["check", "--jobs", "0"], 2, "--jobs 0"),
        (["check", "--timeout", "soon"], 2, "no duration"),
    ],
)
def test_wrong_usage(repository: Repository, words: list[str], code: int, said: str) -> None:
    repository.commit({"a.yaml": GOOD})
    ended = gitops_ci(repository.root, *words)
    assert ended.code == code
    assert said in ended.err


def test_flags_that_only_change_how_it_is_done(repository: Repository) -> None:
    repository.commit({"a.yaml": GOOD})
    words = ("--jobs", "4", "--no-cache", "--cache", ".cache", "--timeout", "90")
    assert gitops_ci(repository.root, "check", *words).code == 0
    assert repository.git("status", "--porcelain") == ""


def test_config_errors_come_all_at_once(repository: Repository) -> None:
    config = "version: 1\nkubernets: []\nreport:\n  failOn: sometimes\n"
    repository.commit({".gitops-ci.yaml": config})
    ended = gitops_ci(repository.root, "check", "--format", "json")
    assert ended.code == 2
    assert [(path, line) for path, line, _ in ended.places()] == [
        (".gitops-ci.yaml", 2),
        (".gitops-ci.yaml", 4),
    ]
    assert "kubernetes" in ended.err


def test_shards_cover_every_root_once(repository: Repository) -> None:
    files = {f"app{n}/kustomization.yaml": "resources: [a.yaml]\n" for n in range(9)}
    files |= {f"app{n}/a.yaml": GOOD for n in range(9)}
    repository.commit(files)
    counts = [
        gitops_ci(repository.root, "check", "--shard", f"{n}/3", "--format", "json").report[
            "summary"
        ]["checked"]["roots"]
        for n in (1, 2, 3)
    ]
    assert sum(counts) == 9
    assert all(counts)


@pytest.mark.parametrize(
    "words",
    [
        ["check", "--k8s", "1.20"],
        ["schemas", "list", "--k8s", "1.20"],
        ["schemas", "show", "Pod", "--k8s", "1.20"],
    ],
)
def test_an_unknown_kubernetes_version(repository: Repository, words: list[str]) -> None:
    repository.commit({"a.yaml": GOOD})
    ended = gitops_ci(repository.root, *words)
    assert ended.code == 2
    assert "1.28 to 1.37" in ended.err


def test_an_unknown_version_in_the_configuration_has_a_place(repository: Repository) -> None:
    clusters = "clusters: [{name: a, environment: x, kubernetes: '1.21'}]\nenvironments: {x: {}}\n"
    config = f"kubernetes:\n- '1.33'\n- '1.20'\n{clusters}"
    repository.commit({".gitops-ci.yaml": config, "a.yaml": GOOD})
    ended = gitops_ci(repository.root, "check", "--format", "json")
    assert ended.code == 2
    assert [(line, rule) for _, line, rule in ended.places()] == [
        (3, "config/bad-value"),
        (4, "config/bad-value"),
    ]


def test_the_versions_of_the_clusters_are_those_to_check_against(repository: Repository) -> None:
    clusters = "clusters: [{name: a, environment: x, kubernetes: '1.29'}]\nenvironments: {x: {}}\n"
    flow = "apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema\n"
    text = flow + "metadata: {name: a}\nspec: {priorityLevelConfiguration: {name: exempt}}\n"
    repository.commit({"a.yaml": text})
    assert gitops_ci(repository.root, "check").code == 1
    repository.commit({".gitops-ci.yaml": clusters})
    assert gitops_ci(repository.root, "check").code == 0
    repository.commit({".gitops-ci.yaml": f"kubernetes: ['1.35']\n{clusters}"})
    assert gitops_ci(repository.root, "check").code == 1
