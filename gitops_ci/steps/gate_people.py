"""Who did what on a pull request, as the gates ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from gitops_ci.forge.port import Service
from gitops_ci.model.forge_errors import ForgeError
from gitops_ci.model.pull_request import PullCommit, PullRequest
from gitops_ci.promote.gates.facts import People
from gitops_ci.steps.world import World

_NOBODY = frozenset({"", "web-flow"})
"""GitHub's own account, which commits what a person merged or edited in the browser."""
_PROPOSING_EVENTS = frozenset({"push", "workflow_dispatch", "repository_dispatch"})
_PROPOSING_SOURCES = frozenset({"push", "trigger", "pipeline", "api", "web"})


def people_of(pull: PullRequest, service: Service, trigger: str = "") -> People:
    """The people of the pull request. `trigger` is who started the run that opened it, if that is
    known. Raises ForgeError."""
    commits = service.pull_commits(pull.number)
    carriers = {pull.author, trigger}
    for commit in commits:
        carriers |= {commit.author, commit.committer, *commit.pushers}
    return People(
        head=pull.head_sha,
        head_since=_pushed(commits, pull),
        reviews=service.reviews(pull.number),
        labels=service.label_events(pull.number),
        comments=service.comments(pull.number),
        carriers=frozenset(carriers - _NOBODY),
        members=service.members,
        may_write=service.may_write,
        unread=_unread(commits),
    )


def proposer(world: World) -> str:
    """The account whose doing the run is, in a run that may itself propose changes; empty in every
    other one: who reviews, labels or schedules carries nothing."""
    environ = world.environ
    if environ.get("GITHUB_EVENT_NAME") in _PROPOSING_EVENTS:
        return environ.get("GITHUB_ACTOR", "")
    if environ.get("CI_PIPELINE_SOURCE") in _PROPOSING_SOURCES:
        return environ.get("GITLAB_USER_LOGIN", "")
    return ""


def with_carriers(people: People, commits: Iterable[str], service: Service) -> People:
    """The people, with those as carriers who brought the `commits`. What cannot be read stays
    unknown, which closes the gate that asks for it."""
    carriers = set(people.carriers)
    try:
        for commit in commits:
            carriers |= service.brought_by(commit)
    except ForgeError as error:
        return replace(people, unread=f"who brought what is carried is unknown: {error.message}")
    return replace(people, carriers=frozenset(carriers - _NOBODY))


def _unread(commits: Iterable[PullCommit]) -> str:
    """Why not everybody who carries the commits is known; empty when they are."""
    if any(commit.author or commit.committer or commit.pushers for commit in commits):
        return ""
    return "the forge does not tell who pushed the commits"


def _pushed(commits: Iterable[PullCommit], pull: PullRequest) -> datetime | None:
    """When the head was there at the earliest, where the forge does not tell when it came: a
    commit's own time may lie in the past, but never before the pull request's own life begins."""
    times = [commit.at for commit in commits if commit.sha == pull.head_sha]
    known = [*times, *([pull.created] if pull.created else [])]
    return max(known, default=None) if times else None
