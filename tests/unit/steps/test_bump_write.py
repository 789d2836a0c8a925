"""All files or none, and a diff that git understands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_ci.forge.files import Changed
from gitops_ci.model.errors import ConflictError
from gitops_ci.output.files import OutputError
from gitops_ci.steps.bump_write import write_files
from gitops_ci.steps.unified_diff import unified_diff
from tests.support.command import gitops_ci
from tests.support.repository import Repository

FILES = (Changed("a", b"1", b"one"), Changed("d/b", None, b"two"), Changed("c", b"3", None))


def state(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "c").write_bytes(b"3")
    return tmp_path


def test_every_file_is_brought(root: Path) -> None:
    write_files(root, FILES)
    assert state(root) == {"a": b"one", "d/b": b"two"}


@pytest.mark.parametrize(("path", "data"), [("a", b"other"), ("d/b", b"there")])
def test_a_file_that_changed_since_stops_everything(root: Path, path: str, data: bytes) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_bytes(data)
    before = state(root)
    with pytest.raises(ConflictError, match=f"{path} changed since"):
        write_files(root, FILES)
    assert state(root) == before


def test_a_failure_half_way_takes_back_what_was_written(root: Path) -> None:
    def write(path: Path, data: bytes) -> None:
        if path.name == "b":
            raise OutputError("no space left")
        path.write_bytes(data)

    before = state(root)
    with pytest.raises(OutputError):
        write_files(root, FILES, write)
    assert state(root) == before


def test_a_link_that_leads_out_is_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:  # fmt: skip # noqa: E501
    outside = tmp_path_factory.mktemp("outside")
    (root / "out").symlink_to(outside)
    with pytest.raises(OutputError):
        write_files(root, (Changed("out/x", None, b"x"),))
    assert list(outside.iterdir()) == []


LINES = st.lists(st.sampled_from(["a", "b", "", "image: x", "\r", "-- c"]), max_size=30)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, LINES, st.booleans(), st.booleans())
def test_git_applies_every_diff(
    repository: Repository, old: list[str], new: list[str], ended: bool, end: bool
) -> None:
    before = ("\n".join(old) + ("\n" if ended else "")).encode()
    after = ("\n".join(new) + ("\n" if end else "")).encode()
    if before == after or not before or not after:
        return
    (repository.root / "f").write_bytes(before)
    (repository.root / "patch").write_bytes(unified_diff((Changed("f", before, after),)))
    repository.git("apply", "patch")
    assert (repository.root / "f").read_bytes() == after


def test_a_line_between_two_changes_stays_one_line() -> None:
    before, after = b"a: 1\nb: 2\nc: 3\n", b"a: 4\nb: 2\nc: 5\n"
    diff = unified_diff((Changed("f", before, after),))
    assert diff.endswith(b"@@ -1,3 +1,3 @@\n-a: 1\n+a: 4\n b: 2\n-c: 3\n+c: 5\n")


def test_far_apart_changes_have_hunks_of_their_own() -> None:
    lines = [b"%d\n" % number for number in range(40)]
    changed = [b"x\n" if number in (3, 9, 30) else line for number, line in enumerate(lines)]
    diff = unified_diff((Changed("f", b"".join(lines), b"".join(changed)),))
    assert [line for line in diff.split(b"\n") if line.startswith(b"@@")] == [
        b"@@ -1,13 +1,13 @@",
        b"@@ -28,7 +28,7 @@",
    ]


TAGS = st.sampled_from(
    ["1.10", "1e3", "72044e011", "0o17", "y", "1.1.0", "main-7-abc", "v2", "0x1F"]
)
QUOTES = st.sampled_from(["'", '"'])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    TAGS,
    TAGS,
    QUOTES,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["", "  # x"]),
)
def test_printed_written_and_proposed_are_the_same_bytes(
    repository: Repository, old: str, new: str, quote: str, newline: str, end: bool, comment: str
) -> None:
    tag = f"{quote}{old}{quote}"
    lines = ["images:", "- name: shop/web", f"  newTag: {tag}{comment}"]
    text = newline.join(lines) + (newline if end else "")
    path = "apps/web/prod/kustomization.yaml"
    repository.commit({path: text, ".gitignore": "patch\n"})
    words = ("bump", f"shop/web:{new}")
    printed = gitops_ci(repository.root, *words)
    proposed = gitops_ci(repository.root, *words, "--pr")
    assert (printed.code, proposed.code) == (0, 0)
    if old == new:
        assert "diff --git" not in printed.out
        return
    written = gitops_ci(repository.root, *words, "--write")
    assert written.code == 0
    data = (repository.root / path).read_bytes()
    assert new.encode() in data
    assert repository.git("diff", "gitops-ci/bump/prod/web", "--", path) == ""
    repository.git("checkout", "--quiet", path)
    diff = "diff --git" + printed.out.partition("diff --git")[2]
    (repository.root / "patch").write_bytes(diff.encode())
    repository.git("apply", "patch")
    assert (repository.root / path).read_bytes() == data
