"""On a pull request only what the change brings blocks, and it cannot wave itself through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository

OLD_FAULT = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: old
dataa: {}
"""
NEW_FAULT = OLD_FAULT.replace("name: old", "name: new")
GOOD = OLD_FAULT.replace("dataa", "data")


def pull_request(base: str, tmp_path: Path) -> dict[str, str]:
    """The variables of a run on a pull request onto `base`."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}}}))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }


def judged(repository: Repository, base: str, tmp_path: Path, *words: str) -> Ended:
    environ = pull_request(base, tmp_path)
    return gitops_ci(repository.root, "check", "--format", "json", *words, environ=environ)


@pytest.fixture
def base(repository: Repository) -> str:
    return repository.commit({"old/a.yaml": OLD_FAULT, "other/b.yaml": GOOD})


def test_what_was_there_does_not_block(repository: Repository, base: str, tmp_path: Path) -> None:
    repository.commit({"old/a.yaml": "# moved down\n\n" + OLD_FAULT})
    ended = judged(repository, base, tmp_path)
    assert ended.code == 0
    assert ended.report["summary"]["existing"] == 1
    assert judged(repository, base, tmp_path, "--fail-on-existing").code == 1


def test_what_the_change_brings_blocks(repository: Repository, base: str, tmp_path: Path) -> None:
    repository.commit({"other/b.yaml": NEW_FAULT})
    ended = judged(repository, base, tmp_path)
    assert ended.code == 1
    assert ended.places() == [("other/b.yaml", 5, "schema/unknown-field")]


def test_roots_that_are_not_touched_are_not_rendered(
    repository: Repository, base: str, tmp_path: Path
) -> None:
    repository.commit({"other/b.yaml": GOOD + "# x\n"})
    ended = judged(repository, base, tmp_path)
    assert ended.report["summary"]["checked"]["roots"] == 1
    assert ended.report["summary"]["existing"] == 0


def test_the_same_fault_once_more_is_new(repository: Repository, base: str, tmp_path: Path) -> None:
    repository.commit({"old/c.yaml": OLD_FAULT})
    assert judged(repository, base, tmp_path).code == 1


WAVES = {
    "a rule switched off": {
        ".gitops-ci.yaml": "version: 1\npolicy: {rules: {schema/unknown-field: 'off'}}\n"},
    "a higher threshold": {".gitops-ci.yaml": "version: 1\nreport: {failOn: never}\n"},
    "an ignored folder": {".gitops-ci.yaml": "version: 1\nignore: ['other/**']\n"},
    "a comment": {"other/b.yaml": NEW_FAULT.replace(
        "dataa: {}", "dataa: {} # gitops-ci: ignore schema/unknown-field it is fine")},
    "an exception": {".gitops-ci/exceptions/x.yaml":
        "rule: schema/unknown-field\nmatch: {kind: ConfigMap}\n"
        "reason: because\nowner: '@me'\nexpires: 2999-01-01\n"},
}  # fmt: skip


@pytest.mark.parametrize("files", WAVES.values(), ids=WAVES)
def test_a_change_cannot_wave_itself_through(
    repository: Repository, base: str, tmp_path: Path, files: dict[str, str]
) -> None:
    repository.commit({"other/b.yaml": NEW_FAULT, **files})
    ended = judged(repository, base, tmp_path)
    assert ended.code == 1
    assert ("other/b.yaml", 5, "schema/unknown-field") in ended.places("error")


@pytest.mark.parametrize("name", ["a rule switched off", "an ignored folder", "an exception"])
def test_once_merged_it_counts(
    repository: Repository, base: str, tmp_path: Path, name: str
) -> None:
    merged = repository.commit(WAVES[name])
    repository.commit({"other/b.yaml": NEW_FAULT})
    assert judged(repository, merged, tmp_path).code == 0


def test_a_stricter_configuration_of_the_change_counts_at_once(
    repository: Repository, base: str, tmp_path: Path
) -> None:
    unknown = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: x}\n"
    repository.commit({"other/b.yaml": unknown})
    assert judged(repository, base, tmp_path).code == 0
    repository.commit({".gitops-ci.yaml": "version: 1\nvalidate: {missingSchema: error}\n"})
    assert judged(repository, base, tmp_path).code == 1


def test_a_faulty_configuration_in_the_change_is_reported(
    repository: Repository, base: str, tmp_path: Path
) -> None:
    repository.commit({".gitops-ci.yaml": "version: 1\nnonsense: 1\n"})
    ended = judged(repository, base, tmp_path)
    assert ended.code == 1
    assert (".gitops-ci.yaml", 2, "config/unknown-key") in ended.places("error")


def test_an_unknown_base_closes_the_gate(repository: Repository, base: str, tmp_path: Path) -> None:
    ended = judged(repository, "f" * 40, tmp_path)
    assert ended.code in (2, 3)
    assert "fetch" in ended.err


def test_changed_since_a_branch(repository: Repository, base: str) -> None:
    repository.commit({"other/b.yaml": NEW_FAULT})
    ended = gitops_ci(repository.root, "check", "--changed-since", base, "--format", "json")
    assert ended.places() == [("other/b.yaml", 5, "schema/unknown-field")]


def test_a_deleted_base_concerns_its_overlay(repository: Repository, tmp_path: Path) -> None:
    before = repository.commit(
        {
            "base/kustomization.yaml": "resources: [a.yaml]\n",
            "base/a.yaml": GOOD,
            "o/kustomization.yaml": "resources: [../base]\n",
        }
    )
    repository.git("rm", "-q", "base/a.yaml")
    repository.commit()
    ended = judged(repository, before, tmp_path)
    assert ended.code in (1, 3)
    assert ended.places("error")


def test_a_renamed_file_brings_nothing_new(
    repository: Repository, base: str, tmp_path: Path
) -> None:
    repository.git("mv", "old/a.yaml", "old/renamed.yaml")
    repository.commit()
    ended = judged(repository, base, tmp_path)
    assert (ended.code, ended.report["summary"]["existing"]) == (0, 1)


def test_a_broken_baseline_closes_the_gate(repository: Repository) -> None:
    repository.commit({".gitops-ci/baseline/x.json": "{", "b.yaml": GOOD})
    ended = gitops_ci(repository.root, "check")
    assert ended.code == 2
    assert ".gitops-ci/baseline/x.json" in ended.err


def test_a_named_configuration_is_read_from_the_base(
    repository: Repository, tmp_path: Path
) -> None:
    base = repository.commit({"ci/gate.yaml": "version: 1\n", "a.yaml": GOOD})
    repository.commit({"ci/gate.yaml": "report: {failOn: never}\n", "a.yaml": NEW_FAULT})
    environ = pull_request(base, tmp_path)
    for name in ("ci/gate.yaml", str(repository.root / "ci/gate.yaml")):
        assert gitops_ci(repository.root, "--config", name, "check", environ=environ).code == 1


def test_a_named_configuration_that_the_change_adds_does_not_rule_yet(
    repository: Repository, base: str, tmp_path: Path
) -> None:
    repository.commit({"ci/gate.yaml": "report: {failOn: never}\n", "other/b.yaml": NEW_FAULT})
    words = ("--config", "ci/gate.yaml", "check", "--format", "json")
    ended = gitops_ci(repository.root, *words, environ=pull_request(base, tmp_path))
    assert ended.code == 1
    assert ended.places() == [("other/b.yaml", 5, "schema/unknown-field")]
