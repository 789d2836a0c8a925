"""A newcomer's first hour on GitLab: a fresh repository, `init`, a bad commit, its repair.

Real are the include as it was written, the component in the released project that it names, fetched
by git, and the pipeline. What stands in: gitlab-ci-local for GitLab's runner, its shell for the
container, and a GitLab on this machine for the API.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops_ci import __version__
from tests.support.fake_gitlab.fake import TOKEN, FakeGitlab
from tests.support.fake_gitlab.state import PROJECT, Request
from tests.support.forges.judges import gitlab_judge
from tests.support.gitlab_ci import Pipeline, Project
from tests.support.newcomer import BAD, GOOD, LINE, OVERLAY, replicas, started
from tests.support.release import OWNER, release
from tests.support.repository import Repository

pytestmark = [pytest.mark.full, pytest.mark.network, pytest.mark.timeout(300)]


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    return started(tmp_path / "shop", "gitlab", ".gitlab-ci.yml")


@pytest.fixture
def gitlab(shop: Repository, tmp_path: Path) -> Iterator[FakeGitlab]:
    """A GitLab with the shop on it."""
    shop.git("clone", "--quiet", "--bare", str(shop.root), str(tmp_path / "origin.git"))
    fake = FakeGitlab(tmp_path / "forge", tmp_path / "origin.git", gitlab_judge())
    yield fake
    fake.close()
    assert fake.server.problems == []


@pytest.fixture
def project(shop: Repository, tmp_path: Path) -> Project:
    """The shop, on an instance that also has this project with the tag of its release."""
    product = Repository(release(tmp_path / "product", f"sha256:{'0' * 64}"))
    product.commit()
    product.git("tag", __version__)
    mirror = tmp_path / "mirror"
    product.git("clone", "--quiet", "--bare", str(product.root), str(mirror / "gitops-ci.git"))
    project = Project(shop, tmp_path)
    project.mirror(OWNER, mirror)
    return project


class Newcomer:
    """Works on the branch `topic` of the shop and has a merge request for it."""

    def __init__(self, project: Project, gitlab: FakeGitlab) -> None:
        self._project, self._gitlab = project, gitlab
        self._shop = project.repository
        self._pushes = 0
        self._shop.git("switch", "--quiet", "--create", "topic")

    def push(self, line: str) -> Pipeline:
        """Push a commit, which runs the pipeline of the merge request; the first push opens it."""
        self._pushes += 1
        head = replicas(self._shop, line)
        self._shop.git("push", "--quiet", str(self._gitlab.bare.root), "topic")
        state = self._gitlab.state
        if not state.requests:
            state.open(Request(1, "more replicas", "", "ada", "topic", head, "main"))
        state.settle()
        return self._project.pipeline(
            CI_PIPELINE_SOURCE="merge_request_event",
            CI_PIPELINE_ID=str(self._pushes),
            CI_MERGE_REQUEST_IID="1",
            CI_MERGE_REQUEST_DIFF_BASE_SHA=self._shop.git("rev-parse", "main"),
            CI_MERGE_REQUEST_PROJECT_ID="1",
            CI_MERGE_REQUEST_SOURCE_PROJECT_ID="1",
            CI_PROJECT_ID="1",
            CI_PROJECT_PATH=PROJECT,
            CI_SERVER_URL=self._gitlab.pages,
            GITLAB_TOKEN=TOKEN,
        )


def test_a_bad_commit_is_blocked_and_its_repair_let_through(
    project: Project, gitlab: FakeGitlab
) -> None:
    newcomer = Newcomer(project, gitlab)
    blocked = newcomer.push(BAD)
    assert blocked.code != 0, blocked.log
    assert blocked.dotenv()["GITOPS_CI_STATUS"] == "fail", blocked.log
    quality = blocked.report("gl-code-quality-report.json")
    assert isinstance(quality, list)
    assert [(one["location"]["path"], one["location"]["lines"]["begin"]) for one in quality] == [
        (OVERLAY, LINE)
    ]
    (remark,) = gitlab.state.discussions
    assert (remark["position"]["new_path"], remark["position"]["new_line"]) == (OVERLAY, LINE)
    (summary,) = summaries(gitlab)
    assert "merge blocked" in summary

    passed = newcomer.push(GOOD)
    assert passed.code == 0, passed.log
    assert passed.dotenv()["GITOPS_CI_STATUS"] == "pass", passed.log
    (summary,) = summaries(gitlab)
    assert "nothing blocks" in summary
    assert [remark["resolved"] for remark in gitlab.state.discussions] == [True]


def summaries(gitlab: FakeGitlab) -> list[str]:
    """The comments that are no remark on a line."""
    return [note["body"] for note in gitlab.state.notes if not note.get("system")]
