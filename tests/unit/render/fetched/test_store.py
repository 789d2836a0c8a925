from __future__ import annotations

from pathlib import Path

from gitops_ci.render.fetched.model import Entry, Key, Kind
from gitops_ci.render.fetched.store import Store, cache_folder, sha256
from tests.support.repository import Repository

KEY = Key(Kind.CHART, "https://charts.example.com", "redis", "1.0.0")


def test_where_the_cache_lies() -> None:
    assert cache_folder({"XDG_CACHE_HOME": "/c"}) == Path("/c/gitops-ci/fetched")
    assert cache_folder({"XDG_CACHE_HOME": "c"}) == Path.home() / ".cache/gitops-ci/fetched"


def test_data_is_found_by_its_digest_and_checked(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    digest = store.put(b"chart")
    assert digest == sha256(b"chart")
    assert store.data(digest) == b"chart"
    assert store.has(Entry(KEY, "1.0.0", digest))
    (tmp_path / "cache" / "sha256" / digest).write_bytes(b"other")
    assert store.data(digest) is None
    assert store.data("0" * 64) is None


def test_an_archive_has_to_be_that_of_the_commit(repository: Repository, tmp_path: Path) -> None:
    commit = repository.commit({"a.yaml": "a: 1\n"})
    other = repository.commit({"a.yaml": "a: 2\n"})
    store = Store(tmp_path / "cache")
    assert store.archive(commit) is None
    with store.scratch() as folder:
        repository.git("archive", "--format=tar", f"--output={folder / 'x.tar'}", commit)
        store.put_archive(commit, folder / "x.tar")
        repository.git("archive", "--format=tar", f"--output={folder / 'x.tar'}", commit)
        store.put_archive(other, folder / "x.tar")
    assert store.archive(commit) is not None
    assert store.archive(other) is None
    assert store.has(Entry(Key(Kind.BASE, "https://x/y/z"), commit))


def test_notes_are_kept(tmp_path: Path) -> None:
    store, entry = Store(tmp_path), Entry(KEY, "1.0.0", "c" * 64)
    assert store.noted(KEY) is None
    store.note(entry)
    assert store.noted(KEY) == entry
