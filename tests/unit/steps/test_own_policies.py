"""The engines and schemas of a team as a part of the check, with small programs as engines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
"""
SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {key: not-for-others}
"""
OVERLAY = "resources: [../../base]\nimages: [{name: example/web, newTag: latest}]\n"
FILES = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": WEB,
    "overlays/dev/kustomization.yaml": OVERLAY,
    "overlays/prod/kustomization.yaml": OVERLAY,
    "policies/a.txt": "anything",
}
ENGINE = """\
policy:
  packs: []
  engines:
    - command: [judge, "{objects}"]
      files: policies
      format: json
"""
IMAGE = ["spec", "template", "spec", "containers", 0, "image"]


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that the product finds first."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("GITOPS_CI_TOOLS", str(folder))
    return folder


def _program(tools: Path, body: str, name: str = "judge") -> None:
    """A program that runs `body`; `objects` leads from file names to objects."""
    path = tools / name
    path.write_text(
        f"#!{sys.executable}\n"
        "import json, os, pathlib, sys, time\n"
        "folder = pathlib.Path(sys.argv[-1])\n"
        "objects = {p.name: json.loads(p.read_text()) for p in sorted(folder.iterdir())}\n"
        "def say(*found): print(json.dumps(found)); sys.exit(1 if found else 0)\n"
        f"{body}\n",
        encoding="utf-8",
    )
    path.chmod(0o755)


def _policy(repository: Repository, *words: str, command: str = "policy") -> Ended:
    return gitops_ci(repository.root, command, "--format", "json", *words)


def _skips(ended: Ended) -> list[tuple[str, str]]:
    return [
        (skip["reason"], skip["detail"])
        for skip in ended.report["summary"]["skipped"]
        if skip["class"] == "incomplete"
    ]


SAY_IMAGE = f"""\
say(*({{'file': n, 'rule': 'no-latest', 'message': 'm', 'path': {IMAGE!r}}}
      for n, o in objects.items() if o['kind'] == 'Deployment'))
"""


def test_a_verdict_names_the_line_that_sets_the_value(repository: Repository, tools: Path) -> None:
    _program(tools, SAY_IMAGE)
    repository.commit({**FILES, ".gitops-ci.yaml": ENGINE})
    ended = _policy(repository)
    assert ended.code == 1
    assert ended.places("error") == [
        ("overlays/dev/kustomization.yaml", 2, "policy/judge.no-latest"),
        ("overlays/prod/kustomization.yaml", 2, "policy/judge.no-latest"),
    ]
    assert [item["environment"] for item in ended.report["findings"]] == ["dev", "prod"]


def test_each_environment_is_judged_once_and_apart(repository: Repository, tools: Path) -> None:
    log = tools / "log"
    _program(tools, f"open({str(log)!r}, 'a').write(str(len(objects)) + '\\n'); say()")
    repository.commit({**FILES, ".gitops-ci.yaml": ENGINE, "plain/s.yaml": SECRET})
    assert _policy(repository).code == 0
    assert log.read_text() == "1\n1\n1\n"


def test_engines_see_their_files_and_placeholders_for_secrets(
    repository: Repository, tools: Path
) -> None:
    body = (
        "assert open('policies/a.txt').read() == 'anything'\n"
        "assert 'GITHUB_TOKEN' not in os.environ\n"
        "say(*({'file': n, 'rule': 'value', 'message': o['stringData']['key']}"
        " for n, o in objects.items() if o['kind'] == 'Secret'))"
    )
    _program(tools, body)
    repository.commit({"a/s.yaml": SECRET, "policies/a.txt": "anything"})
    # what an engine repeats is hidden as every other secret
    for mode, message in (("masked", "masked"), ("plain", "***")):
        config = f"{ENGINE}      secrets: {mode}\n"
        repository.commit({".gitops-ci.yaml": config})
        (finding,) = _policy(repository).report["findings"]
        assert (finding["message"], finding["line"]) == (message, 2)


INCOMPLETE = [
    ("print('no json')", "not-evaluated", "judge gave no verdict on dev: it ended with"),
    ("sys.exit(9)", "not-evaluated", "exit code 9"),
    ("time.sleep(60)", "timeout", "did not finish within 0.5 seconds"),
    (None, "missing-tool", "the policies of judge need judge"),
]


@pytest.mark.parametrize(("body", "reason", "words"), INCOMPLETE)
def test_without_a_verdict_nothing_is_green(
    repository: Repository, tools: Path, body: str | None, reason: str, words: str
) -> None:
    if body is not None:
        _program(tools, body)
    limit = "500ms" if reason == "timeout" else "30s"
    repository.commit({**FILES, ".gitops-ci.yaml": f"{ENGINE}      timeout: {limit}\n"})
    ended = _policy(repository, "--fail-on", "never")
    assert ended.code == 3
    ((said, detail),) = _skips(ended)
    assert said == reason
    assert words in detail
    allowed = f"{ENGINE}validate: {{allowIncomplete: [{reason}]}}\n"
    if reason != "timeout":
        repository.commit({".gitops-ci.yaml": allowed})
        assert _policy(repository).code == 0


def test_objects_over_which_a_policy_fails_are_named(repository: Repository, tools: Path) -> None:
    body = (
        "if any(o['metadata']['name'] == 'bad' for o in objects.values()):\n"
        "    sys.exit('policy/a.rego:4: eval_conflict_error: two outputs')\n"
        "result = [{'filename': n, 'successes': 1, 'failures': [{'msg': 'm', 'metadata':"
        " {'query': 'data.main.deny'}}]} for n in objects]\n"
        "print(json.dumps(result)); sys.exit(1)"
    )
    _program(tools, body, "conftest")
    maps = {
        f"a/{name}.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n"
        for name in ("a", "b", "bad", "c")
    }
    config = "policy: {packs: [], engines: [{conftest: policy}]}\n"
    repository.commit({**maps, "policy/a.rego": "package main\n", ".gitops-ci.yaml": config})
    found = {item["object"]["name"]: item for item in _policy(repository).report["findings"]}
    assert {name: item["rule"] for name, item in found.items()} == {
        "a": "policy/conftest.main.deny",
        "b": "policy/conftest.main.deny",
        "bad": "policy/no-verdict",
        "c": "policy/conftest.main.deny",
    }
    assert "policy/a.rego:4" in found["bad"]["message"]


def test_a_policy_that_does_not_compile_ends_the_run_at_its_line(
    repository: Repository, tools: Path
) -> None:
    _program(tools, "sys.exit('policy/a.rego:2: rego_parse_error: bad')", "conftest")
    config = "policy: {packs: [], engines: [{conftest: policy}]}\n"
    rego = "package main\n  deny[\n"
    repository.commit({**FILES, "policy/a.rego": rego, ".gitops-ci.yaml": config})
    ended = _policy(repository)
    assert ended.code == 2
    (finding,) = ended.report["findings"]
    assert finding["rule"] == "policy/broken"
    assert (finding["path"], finding["line"], finding["column"]) == ("policy/a.rego", 2, 3)


FAULTS = [
    ("engines: [{severity: note}]", "names no engine"),
    ("engines: [{conftest: a, gator: b}]", "'gator' stands beside 'conftest'"),
    ("engines: [{kyverno: a, namespaces: [x]}]", "only conftest has namespaces"),
    ("engines: [{command: [./judge.sh, '{objects}']}]", "'./judge.sh' is no program"),
    ("engines: [{command: [judge]}]", "does not say where {objects} go"),
    ("engines: [{conftest: nowhere}]", "no file at 'nowhere'"),
    ("engines: [{conftest: ../outside}]", "no path inside the repository"),
    ("schemas: [{files: '*.yaml', schema: nowhere.json}]", "no file at 'nowhere.json'"),
    ("packs: [reliabilty]", "there is no pack 'reliabilty'"),
    ("rules: {pss/priviledged: off}", "there is no rule 'pss/priviledged'"),
]


@pytest.mark.parametrize(("text", "words"), FAULTS)
def test_faults_of_the_configuration(repository: Repository, text: str, words: str) -> None:
    repository.commit({**FILES, ".gitops-ci.yaml": f"policy:\n  {text}\n"})
    ended = _policy(repository)
    assert ended.code == 2
    (finding,) = ended.report["findings"]
    assert words in finding["message"]
    assert (finding["path"], finding["line"]) == (".gitops-ci.yaml", 2)


def test_nothing_that_lies_in_the_repository_is_run(repository: Repository) -> None:
    _program(repository.root, "say()")
    text = ENGINE.replace("judge,", f"{repository.root}/judge,")
    repository.commit({**FILES, ".gitops-ci.yaml": text})
    ended = _policy(repository)
    assert ended.code == 2
    assert "lies in the repository" in ended.report["findings"][0]["message"]


def test_a_change_is_judged_by_the_policies_of_its_base(
    repository: Repository, tools: Path
) -> None:
    _program(tools, "assert open('policies/a.txt').read() == 'anything'\n" + SAY_IMAGE)
    base = repository.commit({**FILES, ".gitops-ci.yaml": ENGINE})
    repository.git("checkout", "-q", "-b", "change")
    repository.commit(
        {
            ".gitops-ci.yaml": "policy: {packs: []}\n",
            "policies/a.txt": "nothing",
            "overlays/prod/kustomization.yaml": OVERLAY + "namePrefix: a-\n",
        }
    )
    environ = _pull_request(repository, base)
    ended = gitops_ci(repository.root, "policy", "--format", "json", environ=environ)
    rules = {(item["path"], item["rule"], item["existing"]) for item in _all(ended)}
    prod = "overlays/prod/kustomization.yaml"
    assert ended.code == 1
    assert (prod, "policy/judge.no-latest", False) in rules


def test_a_change_that_breaks_a_policy_is_told_so(repository: Repository, tools: Path) -> None:
    body = (
        "text = open('policy/a.rego').read()\n"
        "if 'broken' in text: sys.exit('policy/a.rego:2: rego_parse_error: bad')\n"
        "asked = 'gitops_ci_only_compiled' not in sys.argv\n"
        "result = [{'filename': n, 'successes': int(asked), 'failures': [{'msg': 'm', 'metadata':"
        " {'query': 'data.main.deny'}}] if asked and 'evil' in text else []} for n in objects]\n"
        "print(json.dumps(result))"
    )
    _program(tools, body, "conftest")
    schema = "{files: 'values*.yaml', schema: values.schema.json}"
    config = f"policy: {{packs: [], engines: [{{conftest: policy}}], schemas: [{schema}]}}\n"
    files = {**FILES, "policy/a.rego": "package main\n", ".gitops-ci.yaml": config}
    base = repository.commit({**files, "values.schema.json": "{}"})
    repository.git("checkout", "-q", "-b", "change")
    for changed, expected in (
        ({"policy/a.rego": "package main\nbroken\n"}, [("policy/a.rego", 2, "policy/broken")]),
        ({"policy/a.rego": "package main\nevil\n"}, []),
        ({"values.schema.json": '{"type": 3}'}, [("values.schema.json", 1, "policy/broken")]),
    ):
        repository.commit(changed)
        environ = _pull_request(repository, base)
        ended = gitops_ci(repository.root, "policy", "--format", "json", environ=environ)
        assert (ended.places("error"), ended.code) == (expected, 1 if expected else 0)


def _all(ended: Ended) -> list[dict[str, Any]]:
    return list(ended.report["findings"])


def _pull_request(repository: Repository, base: str) -> dict[str, str]:
    event = repository.root.parent / "event.json"
    head = repository.git("rev-parse", "HEAD")
    event.write_text(
        json.dumps({"pull_request": {"base": {"sha": base, "ref": "main"}, "head": {"sha": head}}})
    )
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }


SCHEMA = """\
type: object
properties:
  image:
    type: object
    required: [tag]
    additionalProperties: false
    properties:
      tag: {$ref: "common/tag.json#/$defs/tag"}
"""
TAG = json.dumps({"$defs": {"tag": {"type": "string", "pattern": "^v"}}})
SCHEMAS = """\
policy:
  packs: []
  schemas:
    - files: values*.yaml
      schema: policies/values.schema.yaml
      message: see the wiki
      severity: warning
"""


def test_a_schema_judges_files_of_any_kind(repository: Repository) -> None:
    repository.commit(
        {
            "policies/values.schema.yaml": SCHEMA,
            "policies/common/tag.json": TAG,
            "charts/a/values.yaml": "image: {tag: v1}\nother: 1\n",
            "charts/a/values-dev.yaml": "image:\n  tag: 3\n",
            "charts/a/values-prod.yaml": "image:\n  tga: v1  # gitops-ci: ignore policy/values x\n",
            ".gitops-ci.yaml": SCHEMAS,
        }
    )
    ended = _policy(repository, "--fail-on", "warning")
    assert ended.code == 1
    assert ended.places("warning") == [
        ("charts/a/values-dev.yaml", 2, "policy/values"),
        ("charts/a/values-prod.yaml", 1, "policy/values"),
    ]
    first, second = ended.report["findings"]
    assert first["message"] == "see the wiki: image.tag must be a string, but is an integer"
    assert (first["column"], second["message"]) == (8, "see the wiki: 'tag' is missing in image")


BROKEN_SCHEMAS = [
    ("type: objekt\n", 1, "type"),
    ("type: object\nproperties:\n  a: {pattern: '('}\n", 3, "properties.a.pattern"),
    ("properties:\n  a: {$ref: '#/$defs/b'}\n", 2, "leads nowhere"),
    ("properties:\n  a: {$ref: 'missing.json'}\n", 2, "leads nowhere"),
    ("properties:\n  a: {$ref: '../../../etc/passwd'}\n", 2, "leads nowhere"),
    ("properties:\n  a: {$ref: 'https://example.com/a.json'}\n", 2, "outside of the repository"),
    ("- 1\n", 1, "one mapping"),
    ("a: [\n", 2, ""),
]


@pytest.mark.parametrize(("text", "line", "words"), BROKEN_SCHEMAS)
def test_a_broken_schema_ends_the_run_at_its_line(
    repository: Repository, text: str, line: int, words: str
) -> None:
    repository.commit({"policies/values.schema.yaml": text, ".gitops-ci.yaml": SCHEMAS})
    ended = _policy(repository)
    assert ended.code == 2
    finding = ended.report["findings"][0]
    assert (finding["path"], finding["line"]) == ("policies/values.schema.yaml", line)
    assert words in finding["message"]
