from __future__ import annotations

import pytest

from gitops_ci.git.repository import Git
from gitops_ci.model.errors import IncompleteError
from gitops_ci.repo.files import Files
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.secrets.history import Commits, scan_commits
from gitops_ci.secrets.scan import ScanRequest, ScanResult, scan
from tests.support.fakes import fill
from tests.support.repository import Repository

TOKEN = fill("{{fake:alnum 40}}", "history")
OTHER = fill("{{fake:alnum 30}}", "history")


def _commits(
    repository: Repository, base: str, head: str = "HEAD", *, needed: bool = True
) -> ScanResult:
    git = Git(repository.root)
    request = ScanRequest(Files(GitTree(git, head)))
    return scan_commits(git, Commits(base, head, needed=needed), request, scan(request))


def test_a_secret_that_was_added_and_removed_is_found(repository: Repository) -> None:
    base = repository.commit({"v.yaml": "a: 1\n"})
    added = repository.commit({"v.yaml": f"a: 1\ntoken: {TOKEN}\n"})
    repository.commit({"v.yaml": "a: 2\n"})
    (finding,) = _commits(repository, base).findings
    assert (finding.rule.id, finding.location.path) == ("secret/credential", "v.yaml")
    assert added[:8] in finding.message
    assert TOKEN not in finding.message + finding.hint + finding.key
    assert "rotate it" in finding.hint


def test_it_is_told_once_by_the_first_commit_that_had_it(repository: Repository) -> None:
    base = repository.commit({"a": "x\n"})
    first = repository.commit({"v.yaml": f"token: {TOKEN}\n"})
    repository.commit({"v.yaml": f"b: 1\ntoken: {TOKEN}\n"})
    repository.git("mv", "v.yaml", "w.yaml")
    repository.commit()
    repository.git("rm", "-q", "w.yaml")
    repository.commit()
    (finding,) = _commits(repository, base).findings
    assert first[:8] in finding.message


def test_what_the_final_tree_shows_is_not_told_again(repository: Repository) -> None:
    base = repository.commit({"a": "x\n"})
    repository.commit({"v.yaml": f"token: {TOKEN}\n"})
    repository.commit({"moved.yaml": f"token: {TOKEN}\n", "v.yaml": "a: 1\n"})
    assert _commits(repository, base).findings == ()


def test_what_stood_at_the_base_and_what_goes_away_does_not_count(repository: Repository) -> None:
    base = repository.commit({"v.yaml": f"token: {TOKEN}\npassword: hunter2\n"})
    repository.commit({"v.yaml": f"x: 1\ntoken: {TOKEN}\npassword: hunter2\n"})
    repository.commit({"v.yaml": "x: 1\n"})
    assert _commits(repository, base).findings == ()


def test_only_what_a_merge_itself_brings_counts(repository: Repository) -> None:
    base = repository.commit({"a": "x\n"})
    repository.git("checkout", "-q", "-b", "side")
    repository.commit({"b.yaml": "x: 1\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"c.yaml": f"token: {TOKEN}\n"}, "on main, known there")
    repository.git("checkout", "-q", "side")
    repository.git("merge", "-q", "--no-ff", "--no-commit", "main")
    repository.commit({"b.yaml": f"password: {OTHER}\n"}, "merge")
    repository.commit({"b.yaml": "x: 1\n"})
    (finding,) = _commits(repository, "main", "side").findings
    assert finding.location.path == "b.yaml"
    assert base


def test_no_history_means_not_clean_but_unknown(repository: Repository, tmp_path) -> None:  # type: ignore[no-untyped-def]
    first = repository.commit({"a": "x\n"})
    repository.commit({"v.yaml": f"token: {TOKEN}\n"})
    repository.commit({"v.yaml": "a: 1\n"})
    assert _commits(repository, "HEAD", needed=False).findings == ()
    with pytest.raises(IncompleteError, match="no commit") as caught:
        _commits(repository, "HEAD", first)
    assert "fetch-depth: 0" in caught.value.hint
    clone = Repository(tmp_path / "clone")
    clone.git("fetch", "-q", "--depth=1", f"file://{repository.root}", first)
    old = clone.git("rev-parse", "FETCH_HEAD")
    clone.git("fetch", "-q", "--depth=1", f"file://{repository.root}", "main")
    clone.git("checkout", "-q", "FETCH_HEAD")
    with pytest.raises(IncompleteError, match="not in this clone"):
        _commits(clone, old)


def test_all_of_the_history(repository: Repository) -> None:
    repository.commit({"v.yaml": f"token: {TOKEN}\n"})
    repository.commit({"v.yaml": "a: 1\n"})
    result = _commits(repository, "")
    assert [finding.location.path for finding in result.findings] == ["v.yaml"]
    assert result.counts.files == 1


def test_a_file_is_known_under_its_old_name(repository: Repository) -> None:
    text = "password: hunter2\n" + "".join(f"key{number}: value\n" for number in range(20))
    base = repository.commit({"v.yaml": text})
    repository.git("mv", "v.yaml", "w.yaml")
    repository.commit()
    repository.git("mv", "w.yaml", "x.yaml")
    repository.commit({"x.yaml": text + "more: 1\n"})
    repository.git("rm", "-q", "x.yaml")
    repository.commit()
    assert _commits(repository, base).findings == ()


def test_another_password_under_the_same_name_counts(repository: Repository) -> None:
    base = repository.commit({"v.yaml": "password: hunter2\n"})
    repository.commit({"v.yaml": "password: hunter3\n"})
    repository.commit({"v.yaml": "password: hunter2\n"})
    (finding,) = _commits(repository, base).findings
    assert "hunter" not in finding.message + finding.key


SOPS_FILE = fill(
    "blob: {{fake:sops str}}\nsops:\n  age: [{recipient: {{fake:age-recipient}}}]\n"
    "  lastmodified: x\n  mac: {{fake:sops str}}\n  version: 3.9.4\n",
    "history",
)
SOPS_RULES = "creation_rules: [{path_regex: v.yaml$}]\n"


@pytest.mark.parametrize("stays", [True, False], ids=["that stays", "that goes"])
@pytest.mark.parametrize(
    "before",
    [{"v.yaml": SOPS_FILE}, {"v.yaml": SOPS_FILE, ".sops.yaml": SOPS_RULES}],
    ids=["it was encrypted before", "a rule says so as well"],
)
def test_a_file_that_one_commit_decrypted(
    repository: Repository, before: dict[str, str], stays: bool
) -> None:
    base = repository.commit(before)
    opened = repository.commit({"v.yaml": "blob: Blue-Lagoon7\n"})
    if stays:
        repository.commit({"v.yaml": SOPS_FILE})
    else:
        repository.git("rm", "-q", "v.yaml")
        repository.commit()
    (finding,) = _commits(repository, base).findings
    assert (finding.rule.id, finding.location.path) == ("sops/not-encrypted", "v.yaml")
    assert opened[:8] in finding.message


def test_other_faults_of_encryption_gave_nothing_away(repository: Repository) -> None:
    base = repository.commit({"v.yaml": SOPS_FILE})
    repository.commit({"v.yaml": SOPS_FILE.replace("  version: 3.9.4\n", "")})
    repository.commit({"v.yaml": SOPS_FILE})
    assert _commits(repository, base).findings == ()


GENERATOR = "secretGenerator: [{name: db, files: [blob.txt]}]\n"


@pytest.mark.parametrize("stays", [True, False], ids=["that is there", "that is gone as well"])
def test_a_file_of_a_generator(repository: Repository, stays: bool) -> None:
    base = repository.commit({"a": "x\n", **({"kustomization.yaml": GENERATOR} if stays else {})})
    repository.commit({"blob.txt": "Blue-Lagoon7\n", "kustomization.yaml": GENERATOR})
    repository.git("rm", "-q", "blob.txt", *([] if stays else ["kustomization.yaml"]))
    repository.commit()
    (finding,) = _commits(repository, base).findings
    assert (finding.rule.id, finding.location.path) == ("secret/secret-generator", "blob.txt")
