"""The CI/CD components for GitLab: one for each command, `templates/<command>/template.yml`.

Inputs become variables of the job, never words of its script. Format: docs.gitlab.com, "CI/CD
components" and "CI/CD YAML syntax reference" (`spec:inputs`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from gitops_ci.cli.gitlab import DOTENV, FILES
from gitops_ci.cli.inputs import plain_variable
from gitops_ci.cli.report_files import FOLDER
from gitops_ci.steps.job_outputs import VERDICT
from gitops_ci.steps.option import Declared
from gitops_ci.steps.registry import Entry
from scripts.action_files import offered, options_of, sentence

IMAGE = "ghcr.io/OWNER/gitops-ci:0.1.0"
"""The default of the input `image`; a release writes the digest of its image."""
_REPORTS = {
    "codequality": "codequality",
    "junit": "junit",
    "sast": "gl-sast",
    "secret_detection": "gl-secret",
}
"""Kinds of artifact reports, and our format for each."""
_MERGE_REQUEST = '$CI_PIPELINE_SOURCE == "merge_request_event"'
_DEFAULT_BRANCH = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
_SCHEDULE = '$CI_PIPELINE_SOURCE == "schedule"'
_ASKED = "$CI_PIPELINE_SOURCE =~ /^(trigger|pipeline|api|web|schedule)$/"
_RULES = {
    "bump": (_ASKED,),
    "promote": (_ASKED, _DEFAULT_BRANCH),
    "rollback": (_ASKED,),
    "gate": (_MERGE_REQUEST, _SCHEDULE),
    "status": (_DEFAULT_BRANCH, _SCHEDULE),
}
"""When the job of a command runs; that of any other one judges merge requests and the default
branch."""
_BOOLEANS = ("true", "false")


def gitlab_templates(note: str) -> Iterator[tuple[str, str]]:
    """Each component with its path."""
    for entry in offered():
        lines = [f"# {note}", *_spec(entry), "---", *_job(entry)]
        yield f"templates/{entry.name}/template.yml", "\n".join(lines) + "\n"


def _spec(entry: Entry) -> Iterator[str]:
    yield "spec:"
    yield f"  description: {json.dumps(entry.summary[:1].upper() + entry.summary[1:])}"
    yield "  inputs:"
    yield from _input("job-prefix", "What the name of the job begins with", '""')
    yield from _input("stage", "The stage of the job", "test")
    yield from _input("image", "The container image", IMAGE)
    yield from _input("working-directory", "The folder of the repository to work in", '""')
    yield from _input("config", "A configuration file to read instead of .gitops-ci.yaml", '""')
    yield from _input(
        "log-level", "How much is logged", '""', ("error", "warning", "info", "debug")
    )
    for item in options_of(entry):
        yield from _option(item)


def _option(item: Declared) -> Iterator[str]:
    choices = item.option.choices if not item.option.commas and not item.repeatable else ()
    name = item.flag.removeprefix("--")
    if item.kind is bool:
        choices = _BOOLEANS
    yield from _input(name, sentence(item), '""', choices)


def _input(name: str, text: str, default: str, choices: tuple[str, ...] = ()) -> Iterator[str]:
    yield f"    {name}:"
    yield f"      description: {json.dumps(text, ensure_ascii=False)}"
    yield f"      default: {default}"
    if choices:
        words = ", ".join(json.dumps(word) for word in ("", *choices))
        yield f"      options: [{words}]"


def _job(entry: Entry) -> Iterator[str]:
    yield f'"$[[ inputs.job-prefix ]]{entry.name}":'
    yield "  stage: $[[ inputs.stage ]]"
    yield "  image:"
    yield "    name: $[[ inputs.image ]]"
    yield '    entrypoint: [""]'
    yield from _rules(entry)
    yield "  variables:"
    yield '    GIT_DEPTH: "0"'
    names = ["working-directory", "config", "log-level"]
    names += [item.flag.removeprefix("--") for item in options_of(entry)]
    for name in names:
        yield f'    {plain_variable(name)}: "$[[ inputs.{name} ]]"'
    yield "  script:"
    yield f"    - gitops-ci-job {entry.name}"
    yield from _artifacts(entry)


def _rules(entry: Entry) -> Iterator[str]:
    yield "  rules:"
    for condition in _RULES.get(entry.name, (_MERGE_REQUEST, _DEFAULT_BRANCH)):
        yield f"    - if: {condition}"


def _artifacts(entry: Entry) -> Iterator[str]:
    yield "  artifacts:"
    yield "    when: always"
    yield "    expire_in: 1 week"
    yield f"    paths: [{FOLDER}/]"
    yield "    reports:"
    yield f"      dotenv: {FOLDER}/{DOTENV}"
    if entry.outputs == VERDICT:
        for kind, format_ in _REPORTS.items():
            yield f"      {kind}: {FOLDER}/{FILES[format_]}"
