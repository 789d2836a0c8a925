"""The document verdicts of kubeconform's own acceptance tests, with both schema engines."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gitops_ci.documents.manifests import manifests_of
from gitops_ci.documents.read import read
from gitops_ci.model.severity import Severity
from gitops_ci.render.objects import RenderedObject
from gitops_ci.schemas.crd import CrdSet, CustomKind, Source
from gitops_ci.schemas.gvk import Gvk
from gitops_ci.validate.kubeconform import Kubeconform, KubeconformCheck
from gitops_ci.validate.schema import SchemaCheck, Settings
from tests.support.tools import require_corpora, require_tool
from tests.unit.validate.checking import ROOT, rendered

NOT_APPLICABLE = {
    "kc05": "prints its own help",
    "kc06": "refuses a flag of its own",
    "kc18": "a path of its own command line does not exist",
    "kc31": "an unusable location of its own -schema-location",
    "kc32": "an unusable template of its own -schema-location",
    "kc33": "the spelling of its own -kubernetes-version",
    "kc37": "reads standard input without being told to",
    "kc38": "nothing on its standard input",
    "kc39": "its own -skip",
    "kc40": "its own -skip",
    "kc42": "its own -reject",
    "kc43": "its own --ignore-filename-pattern",
    "kc44": "its own -cache",
}
STRICTER = {
    "kc26": "unknown fields are always errors here, not only with -strict",
    "kc29": "a key that comes twice is always an error here, not only with -strict",
}
SCHEMAS = {
    "kc02": ("registry/trainingjob-sagemaker-v1.json", "sagemaker.aws.amazon.com/v1/TrainingJob"),
    "kc03": ("registry/trainingjob-sagemaker-v1.json", "sagemaker.aws.amazon.com/v1/TrainingJob"),
    "kc53": (
        "grafanaalertrulegroup_v1beta1.json",
        "grafana.integreatly.org/v1beta1/GrafanaAlertRuleGroup",
    ),
}
"""The schemas that a case brings along, and the kind that each is for."""

ENGINES = ("embedded", "kubeconform")
IDS = tuple(f"kc{number:02}" for number in range(1, 54))
APPLICABLE = tuple(case for case in IDS if case not in NOT_APPLICABLE)


@cache
def _cases() -> dict[str, dict[str, Any]]:
    path = require_corpora("kubeconform", "cases.json")
    return {case["id"]: case for case in json.loads(path.read_text("utf-8"))["cases"]}


def _files(case: dict[str, Any]) -> list[Path]:
    folder = require_corpora("kubeconform")
    paths = [folder / name for name in case["files"]]
    return [
        file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])
    ]


def _kinds(case: str) -> CrdSet:
    known = CrdSet()
    if case in SCHEMAS:
        name, kind = SCHEMAS[case]
        schema = json.loads(
            require_corpora("kubeconform", "fixtures", *name.split("/")).read_text()
        )
        known.add([CustomKind(Gvk(*kind.split("/")), schema, source=Source.ADDED)])
    return known


def _checker(engine: str, case: str, settings: Settings) -> SchemaCheck:
    if engine == "embedded":
        return SchemaCheck((), _kinds(case), settings)
    program = Kubeconform(require_tool("kubeconform"))
    return KubeconformCheck((), _kinds(case), program, settings)


def _fails(checker: SchemaCheck, item: RenderedObject) -> bool:
    findings = [*checker.check([item], ROOT), *checker.finish()]
    return any(finding.severity is Severity.ERROR for finding in findings)


@pytest.mark.full
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", APPLICABLE)
def test_the_verdict_is_the_same(name: str, engine: str) -> None:
    case = _cases()[name]
    sources = [read(str(path), path.read_bytes()) for path in _files(case)]
    missing = "skip" if "-ignore-missing-schemas" in case["args"] else "error"
    verdicts = [
        bool(source.problems)
        or _fails(_checker(engine, name, Settings(missing)), rendered(source, manifest))
        for source in sources
        for manifest in manifests_of(source)
    ]
    bad = sum(verdicts)
    expect = case["expect"]
    if name in STRICTER:
        assert (expect["exit_code"], bad > 0) == (0, True)
        return
    assert (bad > 0) == (expect["exit_code"] != 0)
    summary = expect.get("summary", expect.get("summary_observed"))
    assert bad == summary["invalid"] + summary["errors"]
    assert len(verdicts) == summary["resources"]


@pytest.mark.full
def test_no_case_is_forgotten() -> None:
    assert set(_cases()) == set(IDS)
    assert all(NOT_APPLICABLE.values())
    assert set(STRICTER) <= set(APPLICABLE)
