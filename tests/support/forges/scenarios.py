"""Whole jobs on a forge, to be run with and without faults, and what has to be there at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from gitops_ci.model.change import Change, Etiquette, MergeMessage, Merging, Proposal
from gitops_ci.model.edit import Edit, NewFile
from gitops_ci.model.forge_errors import RefusedError
from gitops_ci.model.span import Span
from tests.support.forges.places import Place

BRANCH = "gitops-ci/bump/prod/web"


def change(place: Place, tag: str = "1.1", **more: Any) -> Change:
    """`tag: 1.0` of web/a.yaml becomes another one."""
    edit = Edit("web/a.yaml", Span(5, 8, 1, 6, 1, 9), "1.0", tag)
    rules = Etiquette(labels=("promotion",), unit="prod/web", family="gitops-ci/")
    made = Change(
        f"bump web to {tag}",
        f"brings {tag}\n",
        BRANCH,
        "main",
        place.forge.tip("main"),
        (edit,),
        (("Why", "because"),),
        etiquette=rules,
    )
    return replace(made, **more)


def first(place: Place) -> None:
    place.forge.propose(change(place))


def second(place: Place) -> None:
    place.forge.propose(change(place, "1.2"))


def executable(place: Place) -> None:
    edits = (NewFile("bin/tool", b"#!/bin/sh\n", 0o100755),)
    place.forge.propose(change(place, edits=edits))


def emptied(place: Place) -> None:
    place.forge.propose(change(place, "1.0"))


def other_branch(place: Place) -> None:
    place.forge.propose(change(place, "1.3", branch="gitops-ci/promote/prod/web"))


def told(place: Place) -> None:
    place.forge.propose(change(place, "1.2"))


def merged(place: Place) -> None:
    """A merge that is blocked is told, and tried again by the next run."""
    proposal: Proposal = place.forge.propose(change(place))
    result = place.forge.merge(proposal, MergeMessage("bump web", "by us"))
    if result.state is Merging.BLOCKED:
        raise RefusedError(result.reason, "run again")


def nothing(place: Place) -> None:
    """Nobody did anything before."""


def by_people(place: Place) -> None:
    first(place)
    place.commit({"note": "mine\n"}, BRANCH)


@dataclass(frozen=True)
class Scenario:
    name: str
    before: Callable[[Place], None]
    work: Callable[[Place], None]


SCENARIOS = (
    Scenario("create", nothing, first),
    Scenario("update", first, second),
    Scenario("executable", nothing, executable),
    Scenario("close", first, emptied),
    Scenario("supersede", first, other_branch),
    Scenario("people", by_people, told),
    Scenario("merge", first, merged),
)


def outcome_of(place: Place) -> dict[str, Any]:
    """What is left on the forge, without ids and times."""
    store, state = place.store, place.fake.state
    if hasattr(state, "pulls"):
        pulls = [
            (p.number, p.state, bool(p.merged), p.title, sorted(p.labels), "Closed:" in p.body)
            for p in state.pulls.values()
        ]
        comments = len(state.comments)
    else:
        pulls = [
            (r.iid, r.state, bool(r.merged), r.title, sorted(r.labels), "Closed:" in r.description)
            for r in state.requests.values()
        ]
        comments = len([note for note in state.notes if not note.get("system")])
    return {
        "pulls": pulls,
        "comments": comments,
        "branches": {name: store.tree(sha) for name, sha in store.branches().items()},
        "commits": {
            name: len(store.between("main~0", sha)) for name, sha in store.branches().items()
        },
    }
