"""The kubeconform engine with a stand-in for the program, written for each test."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from gitops_ci.model.errors import IncompleteError
from gitops_ci.model.finding import Finding
from gitops_ci.schemas.crd import crd_set
from gitops_ci.validate.kubeconform import Kubeconform, KubeconformCheck
from tests.unit.validate.checking import ROOT, crds_of, line, objects_of

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers: [{name: a, image: "a:1"}]
  replicas: 3
"""


def _program(folder: Path, body: str) -> Path:
    """A program that runs `body`; `names` are the object files, `say` prints results."""
    path = folder / "kubeconform"
    path.write_text(
        f"#!{sys.executable}\n"
        "import json, pathlib, sys, time\n"
        "names = sorted(str(p) for p in pathlib.Path('objects').iterdir())\n"
        "def say(*results): print(json.dumps({'resources': list(results)}))\n"
        f"{body}\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


def _check(program: Path, text: str = POD, timeout: float = 20.0) -> list[Finding]:
    objects = objects_of(text)
    engine = Kubeconform(program, timeout)
    checker = KubeconformCheck(["1.37"], crds_of(objects), engine)
    return [*checker.check(objects, ROOT), *checker.finish()]


def test_its_words_become_findings_on_source_lines(tmp_path: Path) -> None:
    message = (
        "problem validating schema. Check JSON formatting: jsonschema validation failed with "
        "'file:///x/pod_v1.json#' - at '/spec': additional properties 'replicas' not allowed"
    )
    body = (
        f"say(*({{'filename': n, 'status': 'statusInvalid', 'msg': {message!r}}} for n in names))"
    )
    (finding,) = _check(_program(tmp_path, body))
    assert line(finding) == "6:3 error schema/unknown-field unknown field 'replicas' in spec"


def test_a_message_in_another_form_is_still_a_finding(tmp_path: Path) -> None:
    body = "say({'filename': names[0], 'status': 'statusInvalid', 'msg': 'all is lost'})"
    (finding,) = _check(_program(tmp_path, body))
    assert finding.message == "kubeconform: all is lost"


@pytest.mark.parametrize(
    "body",
    [
        "say({'filename': names[0], 'status': 'statusError', 'msg': 'no schema'})",
        "say()",
        "print('{\"resources\": null}')",
    ],
)
def test_an_object_without_a_verdict_is_an_error(tmp_path: Path, body: str) -> None:
    (finding,) = _check(_program(tmp_path, body))
    assert finding.rule.id == "schema/engine-failed"
    assert finding.location.line == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("sys.exit('no such flag')", "no such flag"),
        ("sys.exit(3)", "exit code 3"),
        ("print('[]')", "exit code 0"),
        ("print('not json')", "exit code 0"),
        ("say({'status': 'statusValid'})", "exit code 0"),
    ],
)
def test_a_program_that_fails_makes_the_run_incomplete(
    tmp_path: Path, body: str, message: str
) -> None:
    with pytest.raises(IncompleteError, match=message):
        _check(_program(tmp_path, body))


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match=r"did not finish within 0\.3 seconds"):
        _check(_program(tmp_path, "time.sleep(60)"), timeout=0.3)


def test_a_missing_program_names_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError) as caught:
        _check(tmp_path / "kubeconform")
    assert "gitops-ci tools install" in caught.value.hint


def test_identities_are_judged_at_once_and_without_the_program(tmp_path: Path) -> None:
    checker = KubeconformCheck((), crd_set(), Kubeconform(tmp_path / "none"))
    text = "apiVersion: apps/v1\nkind: Deploymnt\nmetadata: {name: a}\n"
    (finding,) = checker.check(objects_of(text), ROOT)
    assert finding.rule.id == "schema/unknown-kind"
    assert list(checker.finish()) == []


def test_the_program_sees_schemas_by_full_group_and_objects_without_nulls(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    body = (
        "schemas = sorted(str(p) for p in pathlib.Path('schemas').rglob('*.json'))\n"
        "objects = [json.loads(pathlib.Path(n).read_text()) for n in names]\n"
        f"pathlib.Path({str(seen)!r}).write_text(json.dumps([schemas, objects, sys.argv[1:]]))\n"
        "say(*({'filename': n, 'status': 'statusValid'} for n in names))"
    )
    text = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n"
        "metadata: {name: a, creationTimestamp: null}\nrules: null\n---\n"
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
    )
    assert _check(_program(tmp_path, body), text) == []
    schemas, objects, argv = json.loads(seen.read_text(encoding="utf-8"))
    assert schemas == [
        "schemas/rbac.authorization.k8s.io/role_v1.json",
        "schemas/v1/namespace_v1.json",
    ]
    assert objects[0]["metadata"] == {"name": "a"}
    assert "rules" not in objects[0]
    assert argv[argv.index("-kubernetes-version") + 1] == "1.37.0"


def test_names_that_are_no_file_names_never_become_paths(tmp_path: Path) -> None:
    crd = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: trees.../../x}\nspec:\n  group: ../../x\n  scope: Cluster\n"
        "  names: {kind: Tree, plural: trees}\n  versions:\n"
        "  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}\n"
        "---\napiVersion: ../../x/v1\nkind: Tree\nmetadata: {name: a}\nspec: {}\n"
    )
    body = "say(*({'filename': n, 'status': 'statusValid'} for n in names))"
    findings = _check(_program(tmp_path, body), crd)
    assert [f.message for f in findings if f.location.line > 9] == ["unknown field 'spec'"]
    assert not (tmp_path.parent / "x").exists()
