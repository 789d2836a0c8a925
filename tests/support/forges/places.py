"""Each forge with a repository behind it, for suites that run on all of them."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gitops_ci.forge.github.service import GithubAccess, github_service
from gitops_ci.forge.github.wire import Address
from gitops_ci.forge.gitlab.service import GitlabAccess, gitlab_service
from gitops_ci.forge.local import LocalForge
from gitops_ci.forge.port import Forge, Service
from gitops_ci.git.writing import GitWriter
from tests.support.fake_github.fake import TOKEN, FakeGithub
from tests.support.fake_github.state import REPOSITORY
from tests.support.fake_gitlab.fake import FakeGitlab
from tests.support.fake_gitlab.state import PROJECT
from tests.support.forges.bare import Bare
from tests.support.forges.judges import github_judge, gitlab_judge
from tests.support.repository import Repository

FILES = {"web/a.yaml": "tag: 1.0\n", "run.sh": "#!/bin/sh\n", "old": "x\n"}


class SteppingClock:
    """Each look is a minute later."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now


class RealTime:
    """The real clock, for faults that name a moment; pauses are only counted."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def now(self) -> datetime:
        return datetime.now(UTC)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


@dataclass
class Place:
    """A forge, the repository that it keeps (`store`), and the clone in which the tool runs."""

    forge: Forge
    store: Bare
    clone: Repository
    service: Service | None = None
    fake: Any = None
    time: RealTime = field(default_factory=RealTime)

    @property
    def base(self) -> str:
        return self.store.tip("main")

    def tip(self, branch: str) -> str:
        return self.store.tip(branch)

    def file(self, branch: str, path: str) -> str:
        return self.store.git("show", f"{branch}:{path}")

    def commit(
        self, files: Mapping[str, str], branch: str = "main", message: str = "change"
    ) -> str:
        """A person's commit on a branch of the forge."""
        parent = self.tip(branch)
        entries = {path: ("100644", self.store.blob(text.encode())) for path, text in files.items()}
        tree = self.store.write_tree(parent, entries)
        commit = self.store.commit_tree(tree, [parent], message, "Ada")
        self.store.update([(f"refs/heads/{branch}", commit, parent)])
        return commit

    def amend(self, files: Mapping[str, str], branch: str) -> str:
        """A person amends the commit at the tip."""
        tip = self.tip(branch)
        entries = {path: ("100644", self.store.blob(text.encode())) for path, text in files.items()}
        tree = self.store.write_tree(tip, entries)
        commit = self.store.commit_tree(
            tree, self.store.parents(tip), self.store.message(tip), "Ada"
        )
        self.store.update([(f"refs/heads/{branch}", commit, tip)])
        return commit

    def fast_forward(self, branch: str) -> None:
        """Main goes to the tip of the branch."""
        self.store.update([("refs/heads/main", self.tip(branch), self.base)])

    def close(self) -> None:
        if self.fake is not None:
            self.fake.close()
            assert not self.fake.server.problems, "\n".join(self.fake.server.problems)


@functools.cache
def _template() -> Path:
    """A clone and its bare origin, made once and copied."""
    folder = Path(tempfile.mkdtemp(prefix="places-"))
    repository = Repository(folder / "clone")
    repository.commit(FILES)
    (folder / "clone" / "run.sh").chmod(0o755)
    repository.commit()
    repository.git("clone", "--quiet", "--bare", str(folder / "clone"), str(folder / "origin.git"))
    return folder


def fresh_clone(folder: Path) -> Repository:
    """Another clone of the same repository."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_template() / "clone", folder / "clone")
    return Repository(folder / "clone")


def local(folder: Path) -> Place:
    clone = fresh_clone(folder)
    forge = LocalForge(GitWriter(clone.root), SteppingClock())
    return Place(forge, Bare(clone.root), clone)


def github(folder: Path, credentials: Any = TOKEN) -> Place:
    clone = fresh_clone(folder)
    fake = FakeGithub(folder, _template() / "origin.git", github_judge())
    time = RealTime()
    return github_at(fake, clone, time, credentials)


def github_at(
    fake: FakeGithub,
    clone: Repository,
    time: RealTime,
    credentials: Any = TOKEN,
    *,
    closed: bool = False,
) -> Place:
    """Another run against the same fake."""
    address = Address(fake.api, fake.graphql, fake.pages)
    access = GithubAccess(address, credentials, read_only=closed)
    service = github_service(access, REPOSITORY, clone.root, time, time.pause)
    return Place(service.forge, fake.bare, clone, service, fake, time)


def gitlab(folder: Path) -> Place:
    clone = fresh_clone(folder)
    fake = FakeGitlab(folder, _template() / "origin.git", gitlab_judge())
    return gitlab_at(fake, clone, RealTime())


def gitlab_at(
    fake: FakeGitlab, clone: Repository, time: RealTime, *, closed: bool = False
) -> Place:
    """Another run against the same fake."""
    access = GitlabAccess(fake.pages, TOKEN, read_only=closed)
    service = gitlab_service(access, PROJECT, clone.root, time, time.pause)
    return Place(service.forge, fake.bare, clone, service, fake, time)


def again(place: Place, *, closed: bool = False) -> Place:
    """The next run of the tool in the same clone, against the same fake."""
    if isinstance(place.fake, FakeGithub):
        return github_at(place.fake, place.clone, place.time, closed=closed)
    return gitlab_at(place.fake, place.clone, place.time, closed=closed)


def read_only(place: Place) -> Place:
    """A run that may write nothing."""
    return again(place, closed=True)
