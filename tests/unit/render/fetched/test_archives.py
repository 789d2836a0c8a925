"""Hostile archives: nothing is unpacked to disk, and memory has a limit."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from gitops_ci.render.fetched.archives import MAX_UNPACKED, ArchiveError, ArchiveTree, chart_tree
from gitops_ci.repo.tree import EntryKind, UnreadableError
from tests.support.remote import packed
from tests.support.repository import Repository

CHART = {"Chart.yaml": "name: redis\n", "templates/web.yaml": "kind: Pod\n"}


def _tar(*members: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"\0" * member.size))
    return stream.getvalue()


def _member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def test_the_folder_around_a_chart_is_removed() -> None:
    tree = chart_tree(packed(CHART))
    assert [entry.path for entry in tree.entries()] == ["Chart.yaml", "templates/web.yaml"]
    assert tree.read("Chart.yaml") == b"name: redis\n"


def test_links_and_devices_are_left_out() -> None:
    members = [
        _member("redis/Chart.yaml"),
        _member("redis/values.yaml", tarfile.SYMTYPE, "/etc/passwd"),
        _member("redis/hard", tarfile.LNKTYPE, "../../etc/passwd"),
        _member("redis/pipe", tarfile.FIFOTYPE),
        _member("redis/device", tarfile.CHRTYPE),
        _member("redis/templates", tarfile.DIRTYPE),
    ]
    assert [entry.path for entry in chart_tree(_tar(*members)).entries()] == ["Chart.yaml"]


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "redis/../../etc/passwd", "../x", "redis\\..\\x", "redis/a\nb"]
)
def test_paths_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(ArchiveError, match="which no chart needs"):
        chart_tree(_tar(_member("redis/Chart.yaml"), _member(name)))


def _bomb() -> bytes:
    member = _member("redis/Chart.yaml")
    member.size = MAX_UNPACKED + 1
    return gzip.compress(member.tobuf() + bytes(MAX_UNPACKED + 1024), 9)


def _header_bomb() -> bytes:
    """A header whose own text is larger than what may be unpacked."""
    header = _member("x", tarfile.XHDTYPE)
    header.size = 2 * MAX_UNPACKED
    return gzip.compress(header.tobuf() + bytes(2 * MAX_UNPACKED), 9)


@pytest.mark.parametrize("data", [_bomb(), _header_bomb()], ids=["file", "header"])
def test_bombs_are_refused(data: bytes) -> None:
    assert len(data) < 2**20
    with pytest.raises(ArchiveError, match="unpacks to more than 100 MiB"):
        chart_tree(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no chart archive"),
        (b"not gzip", "no chart archive"),
        (packed(CHART)[:60], "no chart archive"),
        (gzip.compress(b"not tar" * 200), "no chart archive"),
        (packed({"x.yaml": ""}), "holds no Chart.yaml"),
        (packed({f"{n}.txt": "" for n in range(20_001)}), "more than 20000 files"),
    ],
    ids=["empty", "text", "cut", "no tar", "no chart", "many"],
)
def test_what_is_no_chart_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ArchiveError, match=words):
        chart_tree(data)


class TestCommits:
    @pytest.fixture
    def tree(self, repository: Repository, tmp_path: Path) -> ArchiveTree:
        (repository.root / "link").symlink_to("a/b.yaml")
        (repository.root / "out").symlink_to("../../etc/passwd")
        commit = repository.commit({"a/b.yaml": "b: 1\n", "c.yaml": "c: 1\n"})
        path = tmp_path / "commit.tar"
        repository.git("archive", "--format=tar", f"--output={path}", commit)
        return ArchiveTree(path, "repo~1")

    def test_every_path_lies_below_the_prefix(self, tree: ArchiveTree) -> None:
        assert [entry.path for entry in tree.entries()] == [
            "repo~1/a/b.yaml",
            "repo~1/c.yaml",
            "repo~1/link",
            "repo~1/out",
        ]
        assert tree.read("repo~1/a/b.yaml") == b"b: 1\n"

    def test_links_stay_inside(self, tree: ArchiveTree) -> None:
        entry = tree.entry("repo~1/link")
        assert entry is not None
        assert entry.kind is EntryKind.LINK
        assert tree.read("repo~1/link") == b"b: 1\n"
        assert tree.resolve("repo~1/out") is None

    def test_a_broken_archive_is_unreadable(self, tmp_path: Path) -> None:
        (tmp_path / "x.tar").write_bytes(b"x" * 2000)
        with pytest.raises(UnreadableError, match="the archive is broken"):
            ArchiveTree(tmp_path / "x.tar", "x~1").entries()
