"""`check` of a pull request in the kinds of checkouts that jobs find themselves in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository
from tests.unit.repo.test_sparse import partial
from tests.unit.steps.test_pull_request import GOOD, NEW_FAULT, OLD_FAULT, pull_request

FILES = {"old/a.yaml": OLD_FAULT, "other/b.yaml": GOOD}
BROUGHT = [("other/b.yaml", 5, "schema/unknown-field")]


@pytest.fixture
def base(repository: Repository) -> str:
    """The tip of main; the topic branch brings a fault and is checked out."""
    repository.commit({"old/a.yaml": GOOD})
    base = repository.commit(FILES)
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"other/b.yaml": NEW_FAULT})
    return base


def judged(root: Path, base: str, folder: Path) -> Ended:
    return gitops_ci(root, "check", "--format", "json", environ=pull_request(base, folder))


def test_a_merge_commit_that_is_on_no_branch(
    repository: Repository, base: str, tmp_path: Path
) -> None:
    repository.git("checkout", "--quiet", "main")
    main = repository.commit({"third/c.yaml": OLD_FAULT})
    repository.git("checkout", "--quiet", "--detach", "main")
    repository.git("merge", "--quiet", "--no-edit", "topic")
    assert judged(repository.root, main, tmp_path).places() == BROUGHT


def test_a_base_that_was_rewritten(repository: Repository, base: str, tmp_path: Path) -> None:
    repository.git("checkout", "--quiet", "main")
    repository.write({"third/c.yaml": OLD_FAULT})
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--amend", "--message=rewritten")
    main = repository.git("rev-parse", "main")
    repository.git("checkout", "--quiet", "topic")
    assert ("other/b.yaml", 5, "schema/unknown-field") in judged(
        repository.root, main, tmp_path
    ).places()


def test_a_linked_work_tree(repository: Repository, base: str, tmp_path: Path) -> None:
    repository.git("checkout", "--quiet", "main")
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "--quiet", str(linked), "topic")
    assert judged(linked, base, tmp_path).places() == BROUGHT


def test_a_submodule_that_was_not_fetched(
    repository: Repository, base: str, tmp_path: Path
) -> None:
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{base},module")
    repository.git("commit", "--quiet", "--message=a submodule")
    (repository.root / "module").mkdir()
    assert judged(repository.root, base, tmp_path).places() == BROUGHT


def test_a_sparse_checkout(repository: Repository, base: str, tmp_path: Path) -> None:
    repository.git("sparse-checkout", "set", "other")
    assert not (repository.root / "old").exists()
    assert judged(repository.root, base, tmp_path).places() == BROUGHT


BUILT = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": NEW_FAULT,
    "overlays/dev/kustomization.yaml": "resources: [../../base]\n",
    "overlays/prod/kustomization.yaml": "resources: [../../base]\n",
    "other/c.yaml": GOOD,
}
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: shop
  source: {repoURL: REPOSITORY, path: base, targetRevision: main}
  destination: {namespace: shop}
"""


@pytest.mark.parametrize("engine", ["native", "auto"])
def test_a_sparse_checkout_is_judged_as_a_whole_one(repository: Repository, engine: str) -> None:
    repository.commit(BUILT)
    words = ("check", "--only", "validate", "--format", "json", "--engine", engine)
    whole = gitops_ci(repository.root, *words)
    repository.git("sparse-checkout", "set", "overlays/prod")
    assert not (repository.root / "base").exists()
    ended = gitops_ci(repository.root, *words)
    assert ended.places() == whole.places() == [("base/web.yaml", 5, "schema/unknown-field")]
    assert ended.report["summary"]["skipped"] == whole.report["summary"]["skipped"]


@pytest.mark.parametrize(
    ("more", "roots"),
    [({}, ["here/dev", "here/prod"]),
     ({"here/dev/app.yaml": APPLICATION, "here/dev/kustomization.yaml": "resources: [app.yaml]\n"},
      ["here/dev/app.yaml#Application/argocd/web", "here/prod"])],
    ids=["bases", "what is deployed"],
)  # fmt: skip
def test_what_a_sparse_and_partial_clone_lacks_is_unknown_and_no_fault(
    repository: Repository, tmp_path: Path, more: dict[str, str], roots: list[str]
) -> None:
    repository.commit({path.replace("overlays", "here"): text for path, text in BUILT.items()})
    address = f"file://{repository.root}"
    repository.commit({path: text.replace("REPOSITORY", address) for path, text in more.items()})
    clone = partial(repository, tmp_path / "clone")
    ended = gitops_ci(clone.root, "check", "--only", "validate", "--format", "json")
    assert (ended.code, ended.report["findings"]) == (3, [])
    skipped = ended.report["summary"]["skipped"]
    assert [item["path"] for item in skipped if item["reason"] == "unreadable"] == roots
    assert all(
        "needs base/kustomization.yaml" in i["detail"] for i in skipped if i["path"] in roots
    )
    lacking = [item["path"] for item in skipped if item["reason"] == "not-checked-out"]
    assert lacking == ["base/kustomization.yaml", "base/web.yaml", "other/c.yaml"]


def test_what_nobody_needs_may_be_lacking(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"here/a.yaml": GOOD, "other/c.yaml": NEW_FAULT})
    clone = partial(repository, tmp_path / "clone")
    ended = gitops_ci(clone.root, "check", "--format", "json")
    assert (ended.code, ended.report["findings"]) == (0, [])
    (skip,) = ended.report["summary"]["skipped"]
    assert (skip["path"], skip["reason"], skip["class"]) == (
        "other/c.yaml", "not-checked-out", "external",
    )  # fmt: skip
    config = "version: 1\nvalidate: {require: [not-checked-out]}\n"
    (clone.root / ".gitops-ci.yaml").write_text(config)
    assert gitops_ci(clone.root, "check").code == 3


def test_a_shallow_clone(repository: Repository, base: str, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    words = ("clone", "--quiet", "--depth=1", "--branch=topic")
    repository.git(*words, f"file://{repository.root}", str(clone))
    assert judged(clone, base, tmp_path).places() == BROUGHT


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    (tmp_path / "job/b.yaml").write_text(NEW_FAULT)
    assert judged(tmp_path / "job", "f" * 40, tmp_path).code == 2
    assert gitops_ci(tmp_path / "job", "check").code == 1
