"""What every forge does with a change. Run on each adapter there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.documents.splice import StaleEditError
from gitops_ci.model.change import Change, Etiquette, Outcome
from gitops_ci.model.edit import Edit, NewFile, RemoveFile
from gitops_ci.model.errors import UsageError
from gitops_ci.model.span import Span
from tests.support.forges.places import Place, github, gitlab, local

BRANCH = "gitops-ci/bump/prod/web"


@pytest.fixture(params=[local, github, gitlab], ids=["local", "github", "gitlab"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    make: Callable[[Path], Place] = request.param
    made = make(tmp_path)
    yield made
    made.close()


def change(place: Place, tag: str = "1.1", expect: str = "1.0") -> Change:
    edit = Edit("web/a.yaml", Span(5, 8, 1, 6, 1, 9), expect, tag)
    revision = place.forge.tip("main")
    why = (("Why", "because"),)
    return Change(f"bump web to {tag}", "text\n", BRANCH, "main", revision, (edit,), why)


def test_a_change_becomes_one_commit_on_its_branch(place: Place) -> None:
    proposal = place.forge.propose(change(place))
    assert proposal.outcome is Outcome.CREATED
    assert place.file(BRANCH, "web/a.yaml") == "tag: 1.1"
    assert place.file("main", "web/a.yaml") == "tag: 1.0"
    assert place.store.git("rev-parse", f"{BRANCH}~1") == place.base
    assert place.store.git("log", "-1", "--format=%s", BRANCH) == "bump web to 1.1"
    trailers = place.store.git("log", "-1", "--format=%(trailers:key=Why,valueonly)", BRANCH)
    assert trailers.strip() == "because"


def test_work_tree_and_index_stay_as_they_are(place: Place) -> None:
    place.clone.write({"web/a.yaml": "tag: dirty\n", "new": "x"})
    place.clone.git("add", "web/a.yaml")
    before = place.clone.git("status", "--porcelain", "--branch")
    place.forge.propose(change(place))
    assert place.clone.git("status", "--porcelain", "--branch") == before
    assert (place.clone.root / "web/a.yaml").read_text() == "tag: dirty\n"


def test_the_same_change_again_changes_nothing(place: Place) -> None:
    first = place.forge.propose(change(place))
    again = place.forge.propose(change(place))
    assert again.outcome is Outcome.UNCHANGED
    assert again.commit == first.commit == place.forge.standing(BRANCH)


def test_another_version_replaces_the_commit(place: Place) -> None:
    place.forge.propose(change(place))
    proposal = place.forge.propose(change(place, "1.2"))
    assert proposal.outcome is Outcome.UPDATED
    assert place.file(BRANCH, "web/a.yaml") == "tag: 1.2"
    assert place.store.git("rev-list", "--count", f"main..{BRANCH}") == "1"


def test_a_base_that_went_on_elsewhere_changes_nothing(place: Place) -> None:
    first = place.forge.propose(change(place))
    place.commit({"other": "x\n"})
    proposal = place.forge.propose(change(place))
    assert (proposal.outcome, proposal.commit) == (Outcome.UNCHANGED, first.commit)


def test_a_base_that_changed_the_same_file_is_taken_up(place: Place) -> None:
    place.forge.propose(change(place))
    place.commit({"web/a.yaml": "tag: 1.0\nmore: x\n"})
    proposal = place.forge.propose(change(place))
    assert proposal.outcome is Outcome.UPDATED
    assert place.store.git("rev-parse", f"{BRANCH}~1") == place.base
    assert place.file(BRANCH, "web/a.yaml") == "tag: 1.1\nmore: x"


@pytest.mark.parametrize("amend", [False, True])
def test_commits_of_people_are_left_alone(place: Place, amend: bool) -> None:
    place.forge.propose(change(place))
    (place.amend if amend else place.commit)({"note": "mine\n"}, BRANCH)
    tip = place.store.git("rev-parse", BRANCH)
    proposal = place.forge.propose(change(place, "1.2"))
    assert proposal.outcome is Outcome.DECLINED
    assert "somebody else" in proposal.reason
    assert place.store.git("rev-parse", BRANCH) == tip
    assert place.forge.standing(BRANCH) == ""
    overwritten = place.forge.propose(
        replace(change(place, "1.2"), etiquette=Etiquette(overwrite=True))
    )
    assert overwritten.outcome is Outcome.UPDATED


def test_a_merged_branch_starts_anew(place: Place) -> None:
    place.forge.propose(change(place))
    place.fast_forward(BRANCH)
    proposal = place.forge.propose(change(place, "1.2", expect="1.1"))
    assert proposal.outcome in (Outcome.UPDATED, Outcome.CREATED)
    assert place.file(BRANCH, "web/a.yaml") == "tag: 1.2"


def test_new_removed_and_executable_files(place: Place) -> None:
    edits = (
        NewFile("bin/tool", b"\x00\xff", 0o100755),
        RemoveFile("old", b"x\n"),
        Edit("run.sh", Span(0, 0, 1, 1, 1, 1), "", "# "),
    )
    place.forge.propose(replace(change(place), edits=edits))
    listing = place.store.git("ls-tree", "-r", "--format=%(objectmode) %(path)", BRANCH)
    assert listing.split("\n") == ["100755 bin/tool", "100755 run.sh", "100644 web/a.yaml"]


def test_a_change_without_effect_is_no_proposal(place: Place) -> None:
    proposal = place.forge.propose(change(place, "1.0"))
    assert proposal.outcome is Outcome.UNCHANGED
    assert place.store.git("branch", "--list", BRANCH) == ""


def test_stale_edits_are_refused(place: Place) -> None:
    with pytest.raises(StaleEditError):
        place.forge.propose(change(place, expect="0.9"))
    assert place.store.git("branch", "--list", BRANCH) == ""


@pytest.mark.parametrize("branch", ["a..b", "-x", "a b", "", "a.lock", "x/", "a\nb"])
def test_a_name_that_no_branch_can_have(place: Place, branch: str) -> None:
    with pytest.raises(UsageError):
        place.forge.propose(replace(change(place), branch=branch))


def test_hostile_texts_stay_inside_their_lines(place: Place) -> None:
    title = "bump\nGitops-CI-Tree: 0000\x1b[31m"
    place.forge.propose(replace(change(place), title=title, trailers=(("A", "b\nC: d"),)))
    lines = place.store.git("log", "-1", "--format=%B", BRANCH).split("\n")
    assert lines[0] == "bump Gitops-CI-Tree: 0000 [31m"
    assert lines[2] == "A: b C: d"
    assert place.forge.standing(BRANCH)
