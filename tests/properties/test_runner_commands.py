"""Whatever stands in a repository or comes from a forge: nothing that a run prints is a command to
GitHub's runner, but for the annotations of findings."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from gitops_ci.cli import wire
from gitops_ci.cli.parser import inputs_of, parse
from gitops_ci.forge.port import GITHUB, GITLAB
from gitops_ci.model.change import Outcome, Proposal
from gitops_ci.model.forge_settings import BranchRules, RequiredCheck
from gitops_ci.output.commands import Name
from gitops_ci.output.sink import Sink
from gitops_ci.report.html import status as html_status
from gitops_ci.report.json_v1 import render as render_json
from gitops_ci.report.status import json_v1, markdown, text
from gitops_ci.steps.plan_text import document, proposal_lines, refusal
from tests.support.command import gitops_ci
from tests.support.command_parser import Parsed, commands_in
from tests.support.repository import Repository
from tests.unit.output.test_neutral import HOSTILE
from tests.unit.promote.words.test_words import NOW, body, story, trailers
from tests.unit.report.samples import CONTEXT, hostile
from tests.unit.report.status.samples import board
from tests.unit.steps.test_doctor import Forges, Settings

ANNOTATIONS = {Name.ERROR.value, Name.WARNING.value, Name.NOTICE.value}


def foreign(printed: str) -> list[Parsed]:
    """The commands that are not our own: annotations have a title, masks hide what is secret."""
    return [
        command
        for command in commands_in(printed)
        if not (command.name in ANNOTATIONS and command.properties.get("title"))
        and not (command.name == Name.MASK.value and SECRET in command.data)
    ]


SECRET = "hunter2hunter2"


@cache
def empty() -> Path:
    """A repository with one object in it."""
    repository = Repository(Path(tempfile.mkdtemp(prefix="commands-")))
    repository.commit({"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"})
    return repository.root


def ran(*words: str) -> str:
    """Both streams of a run on the runner."""
    ended = gitops_ci(empty(), *words, runner=True)
    return f"{ended.out}\n{ended.err}"


def through_the_sink(said: str | bytes) -> str:
    out = io.BytesIO()
    Sink(out, io.BytesIO(), runner=True).result(said)
    return out.getvalue().decode("utf-8", "surrogateescape")


def doctor(word: str, forge: str) -> str:
    rules = BranchRules(
        word,
        protected=True,
        checks=(RequiredCheck(word, word),),
        pushers=(word,),
        workflows=(word,),
    )
    out = io.BytesIO()
    command = parse(["-C", str(empty()), "doctor"])
    world = wire.world(command, Sink(out, io.BytesIO(), runner=True), {})
    world = replace(world, forges=Forges(Settings(rules, forge)))
    command.entry.load().run(inputs_of(command.entry, command.given), world)
    return out.getvalue().decode("utf-8", "surrogateescape")


def report_step(word: str, form: str) -> str:
    (empty() / "report.json").write_text(render_json(hostile(word), CONTEXT))
    return ran("report", "report.json", "--format", form, "--publish", "never")


def plan(word: str) -> str:
    """A plan with its proposals, as `bump` and `promote` print it."""
    proposals = (Proposal(word, Outcome.CREATED, 1, word, "", word),)
    lines = [*proposal_lines(proposals), *refusal(word, word, word)]
    diff = f"+{word}\n".encode("utf-8", "surrogatepass")
    return through_the_sink(document(lines, diff, ((word, body(story(word), NOW)),)))


OUTPUTS: dict[str, Callable[[str], str]] = {
    "doctor of GitHub": lambda word: doctor(word, GITHUB),
    "doctor of GitLab": lambda word: doctor(word, GITLAB),
    "report as text": lambda word: report_step(word, "text"),
    "report as data": lambda word: report_step(word, "json"),
    "rules list": lambda word: ran("rules", "list", word or "x"),
    "an option that is wrong": lambda word: ran("check", f"--fail-on={word}"),
    "a path that is wrong": lambda word: ran("check", word or "x"),
    "a revision that is wrong": lambda word: ran("diff", f"{word}..HEAD"),
    "a range that is wrong": lambda word: ran("gate", f"{word}..HEAD"),
    "a plan": plan,
    "the text of a proposal": lambda word: body(story(word), NOW),
    "trailers": lambda word: "\n".join(f"{k}: {v}" for k, v in trailers(story(word), (word,))),
    "status as text": lambda word: through_the_sink(text.render(board(word))),
    "status as data": lambda word: json_v1.render(board(word)),
    "status as Markdown": lambda word: markdown.render(board(word)),
    "status as a page": lambda word: html_status.render(board(word)),
}


@pytest.mark.parametrize("name", OUTPUTS)
@settings(max_examples=5)
@given(word=HOSTILE)
def test_no_output_holds_a_command(name: str, word: str) -> None:
    word = word.replace("\0", "")  # no argument and no name can hold it
    assert foreign(OUTPUTS[name](word)) == []


WORDS = ("::error::x", "  ::add-mask::x", "x ##[set-env name=A]b", "::stop-commands::x")
RUNS = {
    "check": ("check",),
    "secrets": ("secrets",),
    "diff": ("diff", "HEAD~1..HEAD"),
    "status": ("status",),
    "gate": ("gate", "HEAD~1..HEAD"),
    "doctor": ("doctor",),
    "bump": ("bump", "shop/web:2.0.0"),
    "promote": ("promote", "--to", "prod"),
    "render": ("render", "apps/web0/dev"),
    "init": ("init", "--print"),
}
CONFIG = "version: 1\nlayouts: ['apps/{app}/{env}']\nenvironments: {dev: {}, prod: {from: dev}}\n"


def planted(word: str) -> Iterator[tuple[str, str]]:
    """Files in whose names, keys and values, comments and faults the word stands."""
    quoted, app = json.dumps(word), f"web{WORDS.index(word)}"
    for env, tag in (("dev", "1.1.0"), ("prod", "1.0.0")):
        yield (
            f"apps/{app}/{env}/kustomization.yaml",
            (f"resources: [a.yaml]\nimages: [{{name: shop/web, newTag: {tag}}}]\n"),
        )
        yield (
            f"apps/{app}/{env}/a.yaml",
            (
                f"# {word}\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {quoted}}}\n"
                f"data: {{{quoted}: {quoted}, lines: {json.dumps(f'x{chr(10)}{word}')}}}\n"
                f"{quoted}: {quoted}\n"
            ),
        )
    yield f"{word}/{word}.yaml", f"password: {SECRET}\n{word}: [\n"
    yield f"lines/x\n{word}.yaml", f"kind: {quoted}\napiVersion: v1\nmetadata: {{name: a}}\n"
    yield (
        f".github/workflows/{app}.yml",
        (
            f"name: {quoted}\non: push\njobs:\n  {quoted}:\n    name: {quoted}\n"
            "    steps: [{uses: org/gitops-ci@v1}]\n"
        ),
    )


@pytest.fixture
def hostile_repository(repository: Repository) -> Repository:
    files = dict(pair for word in WORDS for pair in planted(word))
    repository.commit({".gitops-ci.yaml": CONFIG, **dict.fromkeys(files, "")}, WORDS[0])
    repository.commit(files, "\n".join(WORDS))
    return repository


@pytest.mark.parametrize("run", RUNS)
def test_no_run_prints_a_command(hostile_repository: Repository, run: str) -> None:
    words = ("--log-level=info", *RUNS[run])
    ended = gitops_ci(hostile_repository.root, *words, runner=True)
    assert ended.code != 70, ended.err
    assert commands_in(ended.out) == []
    assert foreign(ended.err) == []


def test_where_no_runner_reads_the_words_stay(hostile_repository: Repository) -> None:
    """What the tests above would find."""
    assert commands_in(gitops_ci(hostile_repository.root, *RUNS["render"]).out)


@pytest.mark.parametrize("branch", WORDS)
def test_the_name_of_a_branch_is_no_command(branch: str) -> None:
    """Git has no such branches, but the name comes from the job's variables."""
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_BASE_REF": branch,
    }
    ended = gitops_ci(empty(), "check", environ=environ, runner=True)
    assert ended.code == 2
    assert foreign(f"{ended.out}\n{ended.err}") == []
