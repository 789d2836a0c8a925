"""The report on the pull request, with a forge in memory."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.cli import wire
from gitops_ci.cli.parser import inputs_of, parse
from gitops_ci.model.discussion import Comment
from gitops_ci.model.forge_errors import ForbiddenError, RefusedError, UnreachableError
from gitops_ci.model.pull_request import PullFile, PullState
from gitops_ci.output.sink import Sink
from gitops_ci.report.review.marks import Run, Sticky
from gitops_ci.steps.context import Forge, Occasion, RunContext
from tests.support.command import Ended
from tests.support.fake_service import FakeService, OneService, pull_request
from tests.support.repository import Repository

GOOD = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data: {}
"""
BAD = GOOD.replace("data: {}", "datta: {}\nx: {}")
PATCH = "@@ -4,2 +4,3 @@\n   name: settings\n-data: {}\n+datta: {}\n+x: {}"


class Scene:
    """A pull request that breaks a file, and the runs on it."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.base = repository.commit({"apps/a.yaml": GOOD})
        self.head = repository.commit({"apps/a.yaml": BAD})
        self.fake = FakeService(
            pull_request(head_sha=self.head),
            (PullFile("apps/a.yaml", "modified", patch=PATCH),),
        )
        self.runs = 0

    def run(self, *words: str, runner: bool = True, fork: bool = False, number: int = 7) -> Ended:
        self.runs += 1
        out, err = io.BytesIO(), io.BytesIO()
        root = str(self.repository.root)
        command = parse(["-C", root, *(words or ("check",))])
        context = RunContext(
            Forge.GITHUB,
            Occasion.PULL_REQUEST,
            self.base,
            self.repository.git("rev-parse", "HEAD"),
            pull_request=number,
            fork=fork,
            run=(self.runs, 1),
            blob="https://forge.example/blob/x/",
        )
        world = wire.world(command, Sink(out, err, runner=runner), {})
        world = replace(world, context=context, forges=OneService(self.fake))
        code = command.entry.load().run(inputs_of(command.entry, command.given), world)
        return Ended(code, out.getvalue().decode(), err.getvalue().decode())

    def push(self, content: str) -> None:
        head = self.repository.commit({"apps/a.yaml": content})
        self.fake.pull_ = pull_request(head_sha=head)


@pytest.fixture
def scene(repository: Repository) -> Scene:
    return Scene(repository)


def annotations(ended: Ended) -> list[str]:
    return [line for line in ended.err.splitlines() if line.startswith("::error")]


def test_the_first_run_writes_one_comment_and_one_review(scene: Scene) -> None:
    ended = scene.run()
    assert ended.code == 1
    assert scene.fake.written == ["add_comment", "add_review"]
    (comment,) = scene.fake.comments_
    assert "merge blocked" in comment.body
    assert "https://forge.example/blob/x/apps/a.yaml#L5" in comment.body
    assert [(item.path, item.line) for item in scene.fake.threads_] == [
        ("apps/a.yaml", 5),
        ("apps/a.yaml", 6),
    ]
    assert annotations(ended) == []


def test_a_run_with_nothing_new_writes_nothing(scene: Scene) -> None:
    scene.run()
    scene.fake.written.clear()
    for _ in range(3):
        assert scene.run().code == 1
    assert scene.fake.written == []


def test_a_mended_change_is_told_in_the_same_comment(scene: Scene) -> None:
    scene.run()
    scene.fake.written.clear()
    scene.push(GOOD + "# x\n")
    assert scene.run().code == 0
    assert scene.fake.written == ["edit_comment", "resolve", "resolve"]
    (comment,) = scene.fake.comments_
    assert "nothing blocks" in comment.body
    assert all(thread.resolved for thread in scene.fake.threads_)


def test_a_remark_that_a_person_resolved_is_not_repeated_and_blocks_nonetheless(
    scene: Scene,
) -> None:
    scene.run()
    scene.fake.written.clear()
    scene.fake.threads_ = [replace(t, resolved=True, settled=True) for t in scene.fake.threads_]
    ended = scene.run()
    assert (ended.code, scene.fake.written, annotations(ended)) == (1, [], [])


def test_a_good_change_is_not_talked_about(scene: Scene) -> None:
    scene.push(GOOD + "# x\n")
    assert scene.run().code == 0
    assert scene.fake.written == []


def test_an_older_run_does_not_overwrite_a_newer_one(scene: Scene) -> None:
    mark = Sticky("check", Run(99, 1), scene.head)
    scene.fake.comments_.append(Comment("0", "bot", True, f"{mark}\nnewer"))
    scene.run()
    assert "edit_comment" not in scene.fake.written
    assert scene.fake.comments_[0].body.endswith("newer")


class Racing(FakeService):
    """A forge on which another run writes its first comment at the same moment: before ours, or
    with `later` behind it."""

    def __init__(self, scene: Scene, run: int, *, later: bool = False) -> None:
        super().__init__(scene.fake.pull_, scene.fake.files)
        self._other = f"{Sticky('check', Run(run, 1), scene.head)}\nother\n"
        self._later = later

    def add_comment(self, number: int, body: str, marker: str) -> Comment:
        if not self._later:
            self._speak()
        made = super().add_comment(number, body, marker)
        if self._later:
            self._speak()
        return made

    def _speak(self) -> None:
        self.comments_.append(Comment(str(len(self.comments_)), "bot", True, self._other))


@pytest.mark.parametrize("later", [False, True], ids=["before ours", "behind ours"])
@pytest.mark.parametrize(("run", "text"), [(99, "other"), (0, "merge blocked")],
                         ids=["a later run", "an earlier run"])  # fmt: skip
def test_two_first_comments_at_the_same_moment_become_one(
    scene: Scene, run: int, text: str, *, later: bool
) -> None:
    scene.fake = Racing(scene, run, later=later)
    scene.run()
    (comment,) = scene.fake.comments_
    assert (comment.id, text in comment.body) == ("0", True)
    scene.fake.written.clear()
    scene.run()
    assert scene.fake.written == []


def test_a_duplicate_that_cannot_be_deleted_changes_nothing_else(scene: Scene) -> None:
    scene.fake = Racing(scene, 99)
    scene.fake.refuses = {"delete_comment": FORBIDDEN}
    ended = scene.run()
    assert (ended.code, len(scene.fake.threads_)) == (1, 2)
    assert "two summary comments may stand there" in ended.err


def test_a_comment_for_each_run_stays(scene: Scene) -> None:
    scene.repository.git("checkout", "--quiet", scene.base)
    config = "version: 1\nreport: {comment: new}\n"
    scene.base = scene.repository.commit({".gitops-ci.yaml": config})
    scene.push(BAD)
    fake = scene.fake = Racing(scene, 99)
    scene.run()
    assert [item.body.endswith("other\n") for item in fake.comments_] == [True, False]


def test_a_head_that_moved_on_is_left_to_its_own_run(scene: Scene) -> None:
    scene.fake.pull_ = pull_request(head_sha="b" * 40)
    ended = scene.run()
    assert scene.fake.written == []
    assert "the head is bbbbbbbbbb by now" in ended.err
    assert len(annotations(ended)) == 2


FORBIDDEN = ForbiddenError("the token may not", permission="pull-requests: write")


def test_without_permission_the_findings_are_annotations(scene: Scene) -> None:
    scene.fake.refuses = {"add_comment": FORBIDDEN, "add_review": FORBIDDEN}
    ended = scene.run()
    assert ended.code == 1
    assert len(annotations(ended)) == 2
    assert "permissions: {pull-requests: write}" in ended.err


@pytest.mark.parametrize("method", ["pull", "comments", "threads", "pull_files", "add_review"])
def test_a_forge_that_fails_never_changes_the_verdict(scene: Scene, method: str) -> None:
    scene.fake.refuses = {method: UnreachableError("502")}
    ended = scene.run()
    assert ended.code == 1
    assert "502" in ended.err


def test_a_refused_review_leaves_annotations(scene: Scene) -> None:
    scene.fake.refuses = {"add_review": RefusedError("line must be part of the diff", status=422)}
    assert len(annotations(scene.run())) == 2


def test_a_review_that_is_forbidden_leaves_the_comment(scene: Scene) -> None:
    scene.fake.refuses = {"add_review": FORBIDDEN}
    ended = scene.run()
    assert (ended.code, scene.fake.written) == (1, ["add_comment"])
    assert len(annotations(ended)) == 2


def test_a_locked_pull_request_gets_annotations(scene: Scene) -> None:
    locked = ForbiddenError("Unable to create comment because issue is locked.", status=403)
    scene.fake.refuses = {"add_comment": locked, "add_review": locked}
    ended = scene.run()
    assert (ended.code, scene.fake.written, len(annotations(ended))) == (1, [], 2)
    assert "issue is locked" in ended.err


def test_no_body_that_is_sent_holds_a_secret(scene: Scene) -> None:
    value = "aZ3" + "kQ9xW7vB2nM5" * 2
    scene.push(BAD.replace("x: {}", f"password: {value}"))
    scene.fake.files = (PullFile("apps/a.yaml", "modified", patch=PATCH),)
    assert scene.run().code == 1
    bodies = [item.body for item in (*scene.fake.comments_, *scene.fake.threads_)]
    assert any("secret" in body for body in bodies)
    assert not any(value in body for body in bodies)


def test_a_draft_is_told_as_any_other(scene: Scene) -> None:
    scene.fake.pull_ = replace(scene.fake.pull_, draft=True)
    assert scene.run().code == 1
    assert scene.fake.written == ["add_comment", "add_review"]


@pytest.mark.parametrize("state", [PullState.CLOSED, PullState.MERGED])
def test_what_is_closed_meanwhile_is_not_talked_about(scene: Scene, state: PullState) -> None:
    scene.fake.pull_ = replace(scene.fake.pull_, state=state)
    ended = scene.run()
    assert (ended.code, scene.fake.written, len(annotations(ended))) == (1, [], 2)
    assert f"it is {state.value} by now" in ended.err


def test_a_fork_writes_nothing_and_asks_nothing(scene: Scene) -> None:
    scene.fake.refuses = {"pull": UnreachableError("asked all the same")}
    ended = scene.run(fork=True)
    assert "asked" not in ended.err
    assert (scene.fake.written, len(annotations(ended))) == ([], 2)


def test_never_is_never(scene: Scene) -> None:
    ended = scene.run("check", "--publish", "never")
    assert (scene.fake.written, annotations(ended)) == ([], [])


def test_the_configuration_chooses_the_channels(scene: Scene) -> None:
    repository = scene.repository
    repository.git("checkout", "--quiet", scene.base)
    report = "version: 1\nreport: {comment: 'off', inline: annotations}\n"
    scene.base = repository.commit({".gitops-ci.yaml": report})
    scene.push(BAD)
    ended = scene.run()
    assert (scene.fake.written, len(annotations(ended))) == ([], 2)


def test_paths_are_those_of_the_repository(repository: Repository) -> None:
    scene = Scene(repository)
    command = parse(["-C", str(repository.root / "apps"), "check"])
    out, err = io.BytesIO(), io.BytesIO()
    world = wire.world(command, Sink(out, err, runner=True), {})
    context = RunContext(
        Forge.GITHUB, Occasion.PULL_REQUEST, scene.base, scene.head, pull_request=7
    )
    world = replace(world, context=context, forges=OneService(scene.fake))
    command.entry.load().run(inputs_of(command.entry, command.given), world)
    assert {item.path for item in scene.fake.threads_} == {"apps/a.yaml"}
    assert "name=check/apps " in scene.fake.comments_[0].body


class TestReport:
    def save(self, scene: Scene, *names: str) -> None:
        for name in names:
            words = ["check", "--publish", "never", "--only", "validate"]
            scene.run(*words, "--output", f"json=reports/{name}.json")

    def test_saved_parts_are_one_report(self, scene: Scene) -> None:
        self.save(scene, "a", "b")
        ended = scene.run("report", "reports", "--format", "json")
        assert ended.code == 1
        assert len(json.loads(ended.out)["findings"]) == 2
        assert scene.fake.written == ["add_comment", "add_review"]

    LINK = "https://example.org/why"

    def own_rule(self, scene: Scene, rule: str) -> str:
        """A saved report in which every finding is of one rule with a link; its path."""
        self.save(scene, "a")
        path: Path = scene.repository.root / "reports" / "a.json"
        report = json.loads(path.read_text())
        told = {"id": rule, "severity": "error", "summary": "s", "rationale": "r", "url": self.LINK}
        for finding in report["findings"]:
            finding["rule"] = rule
        path.write_text(json.dumps({**report, "rules": [told]}))
        return "reports/a.json"

    def test_links_of_own_policies_are_kept(self, scene: Scene) -> None:
        path = self.own_rule(scene, "policy/team.x")
        ended = scene.run("report", path, "--format", "sarif", "--publish", "never")
        (rule,) = json.loads(ended.out)["runs"][0]["tool"]["driver"]["rules"]
        assert (rule["helpUri"], rule["fullDescription"]["text"]) == (self.LINK, "r")

    @pytest.mark.parametrize(
        ("rule", "words"),
        [("policy/team.x", ("--head", "HEAD")), ("schema/unknown-field", ())],
        ids=["a fork", "a rule of the tool"],
    )
    def test_links_that_nobody_vouches_for_are_not(
        self, scene: Scene, rule: str, words: tuple[str, ...]
    ) -> None:
        path = self.own_rule(scene, rule)
        given = [scene.head if word == "HEAD" else word for word in words]
        ended = scene.run("report", path, "--format", "json", *given)
        assert json.loads(ended.out)["rules"][0]["id"] == rule
        assert self.LINK not in ended.out
        assert all(self.LINK not in item.body for item in scene.fake.comments_)

    def test_a_missing_or_broken_report_is_not_green(self, scene: Scene) -> None:
        root: Path = scene.repository.root
        for name, text in (("empty", None), ("broken", "{}")):
            (root / name).mkdir()
            if text is not None:
                (root / name / "a.json").write_text(text)
            with pytest.raises(Exception, match="no report"):
                scene.run("report", name)

    def test_the_report_of_a_fork_goes_to_the_pull_request_with_its_head(
        self, scene: Scene
    ) -> None:
        self.save(scene, "a")
        ended = scene.run("report", "reports", "--head", scene.head, number=0)
        assert ended.code == 1
        assert scene.fake.written == ["add_comment", "add_review"]

    def test_another_head_is_nobodys(self, scene: Scene) -> None:
        self.save(scene, "a")
        ended = scene.run("report", "reports", "--head", "c" * 40, number=0)
        assert scene.fake.written == []
        assert "no open pull request has the head" in ended.err
