"""`gate` on one app in three environments, with a forge in memory."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from gitops_ci.cli import wire
from gitops_ci.cli.parser import inputs_of, parse
from gitops_ci.model.check_run import CheckRun, CheckState
from gitops_ci.model.deployment import Deployment, DeploymentState
from gitops_ci.model.forge_errors import ForgeError
from gitops_ci.model.pull_request import LabelEvent, PullCommit, Review, Verdict
from gitops_ci.output.sink import Sink
from gitops_ci.steps.context import Forge, Occasion, RunContext
from tests.support.command import Ended
from tests.support.fake_service import FakeService, OneService, pull_request
from tests.support.registry import Reply, Seen, served
from tests.support.repository import Repository
from tests.unit.promote.build import images

BEGAN = datetime.fromtimestamp(1_700_000_000, UTC)
"""The time of the first commit; each further one is a second later."""
ENVIRONMENTS = """\
version: 1
layouts: ["apps/{app}/overlays/{env}"]
environments:
  dev: {}
  staging: {from: [dev]}
  prod: {from: [staging]}
"""
OBJECT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: shop/web}]}}}
"""


def place(environment: str) -> str:
    return f"apps/web/overlays/{environment}/kustomization.yaml"


def overlay(environment: str, version: str, more: str = "") -> dict[str, str]:
    text = images("shop/web", version) + "resources: [web.yaml]\n" + more
    return {place(environment): text, place(environment).replace("kustomization", "web"): OBJECT}


@dataclass
class Clock:
    time: datetime

    def now(self) -> datetime:
        return self.time


class Scene:
    """A repository with gates, a change to it on a branch, and its pull request."""

    def __init__(self, repository: Repository, gates: str) -> None:
        self.repository = repository
        config = ENVIRONMENTS + (f"gates: {{prod: {gates}}}\n" if gates else "")
        files = {".gitops-ci.yaml": config}
        for environment in ("dev", "staging", "prod"):
            files |= overlay(environment, "1.0.0")
        repository.commit(files)
        self.staged = repository.commit(overlay("staging", "1.1.0"))
        self.clock = Clock(BEGAN + timedelta(days=2))
        self.fake = FakeService()
        self.environ: dict[str, str] = {}
        self.others: dict[str, FakeService] = {}
        self.branch = self.default_branch = ""

    def change(self, files: dict[str, str]) -> None:
        """Propose files on a branch of their own."""
        git = self.repository.git
        self.base = git("rev-parse", "main")
        git("checkout", "--quiet", "-B", "topic", "main")
        self.head = self.repository.commit(files)
        self.fake.pull_ = replace(
            pull_request(head_sha=self.head), base_sha=self.base, created=self.clock.time
        )
        self.fake.tips = {"main": self.base}
        at = self.clock.time - timedelta(hours=1)
        self.fake.commits = [PullCommit(self.head, "ann", "ann", "", "", at)]

    def run(self, *words: str, occasion: Occasion = Occasion.PULL_REQUEST) -> Ended:
        out, err = io.BytesIO(), io.BytesIO()
        command = parse(["-C", str(self.repository.root), "gate", *words])
        number = 7 if occasion is Occasion.PULL_REQUEST else 0
        context = RunContext(
            Forge.GITHUB,
            occasion,
            self.base,
            self.head,
            pull_request=number,
            run=(1, 1),
            branch=self.branch,
            default_branch=self.default_branch,
        )
        world = wire.world(command, Sink(out, err), self.environ)
        forges = OneService(self.fake, self.others)
        world = replace(world, context=context, forges=forges, clock=self.clock)
        code = command.entry.load().run(inputs_of(command.entry, command.given), world)
        return Ended(code, out.getvalue().decode(), err.getvalue().decode())

    def closed(self) -> list[str]:
        """What keeps the change out; the exit code agrees."""
        ended = self.run("--format", "json", "--publish", "never")
        found = [item["message"] for item in ended.report["findings"]]
        assert ended.code == (1 if found else 0)
        return found


SOAK = "{soak: 24h}"
PROMOTED = overlay("prod", "1.1.0")


@pytest.fixture
def scene(repository: Repository) -> Scene:
    made = Scene(repository, SOAK)
    made.change(PROMOTED)
    return made


class TestWhatIsJudged:
    def test_nothing_gated_is_open_at_once(self, repository: Repository) -> None:
        scene = Scene(repository, SOAK)
        scene.change(overlay("dev", "1.2.0"))
        ended = scene.run()
        assert ended.code == 0
        assert "no gated environment is touched" in ended.out

    def test_without_gates_everything_is_open(self, repository: Repository) -> None:
        scene = Scene(repository, "")
        scene.change(PROMOTED)
        assert scene.run().code == 0

    def test_a_comment_touches_nothing(self, repository: Repository) -> None:
        scene = Scene(repository, "{windows: {allow: [Sat], timezone: UTC}}")
        scene.change(overlay("prod", "1.0.0", "# a remark\n"))
        assert scene.closed() == []

    def test_any_other_change_of_objects_counts(self, repository: Repository) -> None:
        scene = Scene(repository, "{windows: {deny: ['01-01..12-31']}}")
        scene.change(overlay("prod", "1.0.0", "namePrefix: x-\n"))
        assert scene.closed() == ["prod: windows is closed: never open"]

    def test_the_configuration_is_that_of_the_base(self, scene: Scene) -> None:
        scene.clock.time = BEGAN + timedelta(hours=2)
        scene.change({**PROMOTED, ".gitops-ci.yaml": ENVIRONMENTS})
        assert len(scene.closed()) == 1

    def test_what_cannot_be_rendered_counts(self, repository: Repository) -> None:
        scene = Scene(repository, "{windows: {deny: ['01-01..12-31']}}")
        scene.change(overlay("prod", "1.0.0", "components: [../gone]\n"))
        assert len(scene.closed()) == 1


class TestSoak:
    def test_time_opens(self, scene: Scene) -> None:
        scene.clock.time = BEGAN + timedelta(hours=23)
        (text,) = scene.closed()
        assert "1.1.0 has stood in staging for 22h59m of 1d, opens" in text
        scene.clock.time = BEGAN + timedelta(hours=25)
        assert scene.closed() == []

    def test_a_version_that_never_stood_there(self, repository: Repository) -> None:
        scene = Scene(repository, SOAK)
        scene.change(overlay("prod", "1.5.0"))
        assert "never stood in staging" in scene.closed()[0]

    def test_a_version_that_stood_there_once(self, repository: Repository) -> None:
        scene = Scene(repository, "{soak: 1s}")
        repository.commit(overlay("staging", "1.2.0"))
        scene.change(PROMOTED)
        assert scene.closed() == []


class TestRollback:
    GATES = "{soak: 99d, windows: {deny: ['01-01..12-31']}, rollback: {approvals: {count: 1}}}"

    def scene(self, repository: Repository) -> Scene:
        scene = Scene(repository, self.GATES)
        repository.commit(PROMOTED)
        return scene

    def test_going_back_needs_only_its_own_approvals(self, repository: Repository) -> None:
        scene = self.scene(repository)
        scene.change(overlay("prod", "1.0.0"))
        assert scene.closed() == ["prod: rollback.approvals is closed: 0 of 1 approvals"]
        scene.fake.reviews_ = [Review("bob", Verdict.APPROVED, scene.head, scene.clock.time)]
        assert scene.closed() == []

    def test_nothing_new_rides_along(self, repository: Repository) -> None:
        scene = self.scene(repository)
        scene.change(overlay("prod", "1.0.0", "namePrefix: x-\n"))
        assert any("windows" in text for text in scene.closed())

    def test_another_file_rides_not_along(self, repository: Repository) -> None:
        scene = self.scene(repository)
        extra = {"apps/web/overlays/prod/other.yaml": OBJECT}
        scene.change({**overlay("prod", "1.0.0"), **extra})
        assert any("windows" in text for text in scene.closed())

    def test_going_forward_again_is_no_way_back(self, repository: Repository) -> None:
        scene = self.scene(repository)
        repository.commit(overlay("prod", "1.0.0"))
        scene.change(PROMOTED)
        assert any("windows" in text for text in scene.closed())

    def test_a_version_that_never_stood_here_is_no_way_back(self, repository: Repository) -> None:
        scene = self.scene(repository)
        scene.change(overlay("prod", "0.9.0"))
        assert any("windows" in text for text in scene.closed())


class TestPeople:
    def test_approvals_of_the_head_by_others(self, repository: Repository) -> None:
        scene = Scene(repository, "{approvals: {count: 1, from: ['@org/sre']}}")
        scene.fake.teams = {"@org/sre": frozenset({"bob", "ann"})}
        scene.change(PROMOTED)
        for by in ("ann", "eve"):
            scene.fake.reviews_ = [Review(by, Verdict.APPROVED, scene.head, scene.clock.time)]
            assert len(scene.closed()) == 1
        scene.fake.reviews_.append(Review("bob", Verdict.APPROVED, scene.head, scene.clock.time))
        assert scene.closed() == []

    def test_who_brought_the_version_into_the_source_does_not_count(
        self, repository: Repository
    ) -> None:
        scene = Scene(repository, "{approvals: {count: 1}}")
        scene.fake.brought = {scene.staged: frozenset({"Bob"})}
        scene.change(PROMOTED)
        scene.fake.reviews_ = [Review("bob", Verdict.APPROVED, scene.head, scene.clock.time)]
        assert "bob carried the change" in scene.closed()[0]
        scene.fake.reviews_ = [Review("eve", Verdict.APPROVED, scene.head, scene.clock.time)]
        assert scene.closed() == []

    def test_not_knowing_who_brought_it_is_a_closed_gate(self, repository: Repository) -> None:
        scene = Scene(repository, "{approvals: {count: 1}}")
        scene.change(PROMOTED)
        scene.fake.reviews_ = [Review("bob", Verdict.APPROVED, scene.head, scene.clock.time)]
        scene.fake.refuses = {"brought_by": ForgeError("no answer")}
        ended = scene.run()
        assert ended.code == 4
        assert "who brought what is carried is unknown: no answer" in ended.out

    def test_commits_of_nobody_are_a_closed_gate(self, repository: Repository) -> None:
        scene = Scene(repository, "{approvals: {count: 1}}")
        scene.change(PROMOTED)
        scene.fake.reviews_ = [Review("bob", Verdict.APPROVED, scene.head, scene.clock.time)]
        scene.fake.commits = [replace(scene.fake.commits[0], author="", committer="")]
        ended = scene.run()
        assert (ended.code, "does not tell who pushed" in ended.out) == (4, True)
        pushed = replace(scene.fake.commits[0], pushers=frozenset({"bob", "eve"}))
        scene.fake.commits = [pushed]
        assert "bob carried the change" in scene.closed()[0]

    def test_where_authors_may_approve_nobody_is_asked(self, repository: Repository) -> None:
        scene = Scene(repository, "{approvals: {count: 1, notAuthor: false}}")
        scene.change(PROMOTED)
        scene.fake.reviews_ = [Review("ann", Verdict.APPROVED, scene.head, scene.clock.time)]
        scene.fake.refuses = {"brought_by": ForgeError("no answer")}
        assert scene.closed() == []

    def test_an_unreadable_team_is_a_closed_gate(self, repository: Repository) -> None:
        scene = Scene(repository, "{approvals: {count: 1, from: ['@org/secret']}}")
        scene.change(PROMOTED)
        scene.fake.reviews_ = [Review("bob", Verdict.APPROVED, scene.head, scene.clock.time)]
        ended = scene.run()
        assert ended.code == 4
        assert "@org/secret cannot be read" in ended.out

    def test_an_override_opens_the_windows_and_is_told(self, repository: Repository) -> None:
        override = "{label: emergency, by: ['@sam'], reason: optional, for: 2h}"
        scene = Scene(repository, f"{{windows: {{allow: [Sat], override: {override}}}}}")
        scene.clock.time = datetime(2023, 11, 16, 12, tzinfo=UTC)
        scene.change(PROMOTED)
        assert len(scene.closed()) == 1
        at = scene.clock.time + timedelta(minutes=1)
        scene.fake.labels = [LabelEvent("emergency", "sam", at)]
        scene.clock.time += timedelta(minutes=2)
        ended = scene.run()
        assert ended.code == 0
        assert "override is open: opened by sam" in ended.out


class TestEvidence:
    CHECK = "{checks: [{name: 'e2e/{app}', on: %s}]}"

    def test_a_check_where_the_version_stood(self, repository: Repository) -> None:
        scene = Scene(repository, self.CHECK % "source")
        scene.change(PROMOTED)
        assert "e2e/web has not run" in scene.closed()[0]
        scene.fake.checks_ = {scene.staged: (CheckRun("e2e/web", CheckState.SUCCESS, "x"),)}
        assert scene.closed() == []

    def test_a_check_of_the_head(self, repository: Repository) -> None:
        scene = Scene(repository, self.CHECK % "pr")
        scene.change(PROMOTED)
        scene.fake.checks_ = {scene.staged: (CheckRun("e2e/web", CheckState.SUCCESS, "x"),)}
        assert len(scene.closed()) == 1
        scene.fake.checks_ = {scene.head: (CheckRun("e2e/web", CheckState.SUCCESS, "x"),)}
        assert scene.closed() == []

    def test_a_deployment_of_the_source(self, repository: Repository) -> None:
        scene = Scene(repository, "{checks: [{on: deployment}]}")
        scene.change(PROMOTED)
        assert len(scene.closed()) == 1
        done = Deployment("1", "staging", scene.staged, DeploymentState.SUCCESS)
        scene.fake.deployments_ = {"staging": (done,)}
        assert scene.closed() == []

    def test_a_deployment_that_a_later_one_replaced(self, repository: Repository) -> None:
        scene = Scene(repository, "{checks: [{on: deployment}]}")
        scene.change(PROMOTED)
        gone = Deployment("1", "staging", scene.staged, DeploymentState.INACTIVE)
        scene.fake.deployments_ = {"staging": (gone,)}
        assert "ended without a verdict" in scene.closed()[0]
        scene.fake.deployments_ = {"staging": (replace(gone, succeeded=True),)}
        assert scene.closed() == []

    def test_a_document_for_each_app(self, repository: Repository) -> None:
        asked: list[tuple[str, str]] = []

        def answer(seen: Seen) -> Reply:
            asked.append((seen.path, seen.headers.get("Authorization", "")))
            return Reply(200, b'{"ok": true}' if len(asked) > 1 else b'{"ok": false}')

        with served(answer) as host:
            url = f"http://{host}/{{env}}?app={{app}}"
            scene = Scene(repository, f"{{http: [{{url: '{url}', path: $.ok}}]}}")
            scene.change(PROMOTED)
            scene.environ = {"GITOPS_CI_HTTP_TOKEN": "t", "GITOPS_CI_HTTP_HOST": host}
            (text,) = scene.closed()
            assert f"http is closed: $.ok of http://{host}/prod is false" in text
            scene.environ["GITOPS_CI_HTTP_HOST"] = "elsewhere"
            assert scene.closed() == []
        assert asked == [("/prod?app=web", "Bearer t"), ("/prod?app=web", "")]
        ended = scene.run()
        assert (ended.code, f"http://{host}/prod" in ended.out) == (4, True)

    def test_the_least_time_between_changes(self, repository: Repository) -> None:
        scene = Scene(repository, "{minInterval: 1h}")
        scene.change(PROMOTED)
        assert scene.closed() == []
        repository.git("checkout", "--quiet", "main")
        repository.commit(overlay("prod", "1.0.5"))
        scene.clock.time = BEGAN + timedelta(minutes=30)
        scene.change(PROMOTED)
        assert "minInterval" in scene.closed()[0]


class TestBans:
    def test_a_freeze_on_the_tip_of_the_base(self, scene: Scene) -> None:
        assert scene.closed() == []
        scene.repository.git("checkout", "--quiet", "main")
        scene.repository.commit({".gitops-ci/FREEZE": "the sale\n"})
        scene.change(PROMOTED)
        assert scene.closed() == ["prod: freeze is closed: frozen: the sale"]

    def test_a_change_cannot_lift_it(self, scene: Scene) -> None:
        scene.repository.git("checkout", "--quiet", "main")
        scene.repository.commit({".gitops-ci/FREEZE": "the sale\n"})
        scene.change({**PROMOTED, ".gitops-ci/FREEZE": ""})
        assert len(scene.closed()) == 1

    def test_a_variable_of_the_forge(self, scene: Scene) -> None:
        scene.fake.variables = {"GITOPS_CI_FREEZE": "prod"}
        assert "freeze" in scene.closed()[0]

    def test_a_hold(self, scene: Scene) -> None:
        hold = "- {environment: prod, app: web, version: 1.1.0, reason: it broke}\n"
        scene.repository.git("checkout", "--quiet", "main")
        scene.repository.commit({".gitops-ci/holds.yaml": hold})
        scene.change(PROMOTED)
        assert scene.closed() == ["prod: hold is closed: web is held: it broke"]


class TestTelling:
    def test_the_status_says_when_it_opens(self, scene: Scene) -> None:
        scene.clock.time = BEGAN + timedelta(hours=23)
        scene.run("--set-status")
        status = scene.fake.statuses[scene.head]
        assert (status.name, status.state) == ("gitops-ci/gate", CheckState.PENDING)
        assert "opens" in status.description

    def test_a_schedule_opens_and_closes(self, repository: Repository) -> None:
        scene = Scene(repository, "{windows: {allow: ['Thu 09:00-16:00']}}")
        scene.change(PROMOTED)
        for hour, state in ((8, CheckState.PENDING), (9, CheckState.SUCCESS),
                            (16, CheckState.PENDING)):  # fmt: skip
            scene.clock.time = datetime(2026, 11, 26, hour, tzinfo=UTC)
            ended = scene.run("--set-status", occasion=Occasion.OTHER)
            assert ended.code == 0
            assert scene.fake.statuses[scene.head].state is state
        assert scene.run("--set-status", occasion=Occasion.OTHER).out.startswith("#7 closed: prod")
        assert scene.fake.written.count("set_status") == 3

    def test_one_comment_says_it(self, scene: Scene) -> None:
        scene.clock.time = BEGAN + timedelta(hours=23)
        for _ in range(3):
            scene.run()
        assert scene.fake.written == ["add_comment"]
        assert "opens" in scene.fake.comments_[0].body

    def test_the_report_is_that_of_every_check(self, scene: Scene) -> None:
        scene.clock.time = BEGAN + timedelta(hours=23)
        document: dict[str, Any] = json.loads(scene.run("--format", "json").out)
        (finding,) = document["findings"]
        assert (finding["rule"], finding["path"]) == ("gate/closed", place("prod"))
        assert finding["environment"] == "prod"

    def test_by_hand_a_range_is_enough(self, scene: Scene) -> None:
        ended = scene.run("main..topic", occasion=Occasion.LOCAL)
        assert ended.code == 0
        assert "prod: soak is open" in ended.out
