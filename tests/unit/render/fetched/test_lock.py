from __future__ import annotations

import pytest

from gitops_ci.render.fetched.lock import PATH, read_lock, write_lock
from gitops_ci.render.fetched.model import Entry, Key, Kind
from gitops_ci.repo.memory import MemoryTree

COMMIT, DIGEST = "a" * 40, "b" * 64
ENTRIES = (
    Entry(Key(Kind.CHART, "https://charts.example.com", "redis", '">=1"'), "1.2.0", DIGEST),
    Entry(Key(Kind.BASE, "https://example.com/org/repo", version="v1"), COMMIT),
    Entry(Key(Kind.FILE, "https://example.com/crds.yaml"), "", DIGEST),
)
TEXT = f"""\
# Written by `gitops-ci charts fetch`: what was fetched, and what it has to be next time.
version: 1
fetched:
  - kind: base
    source: "https://example.com/org/repo"
    version: "v1"
    commit: "{COMMIT}"
  - kind: chart
    source: "https://charts.example.com"
    name: "redis"
    version: "\\">=1\\""
    resolved: "1.2.0"
    digest: "sha256:{DIGEST}"
  - kind: file
    source: "https://example.com/crds.yaml"
    digest: "sha256:{DIGEST}"
"""


def test_the_file_is_sorted_and_is_read_back() -> None:
    data = write_lock(ENTRIES)
    assert data.decode() == TEXT == write_lock(reversed(ENTRIES)).decode()
    lock = read_lock(MemoryTree({PATH: data}))
    assert set(lock.entries.values()) == set(ENTRIES)
    assert lock.faults == ()


def test_there_need_not_be_one() -> None:
    assert read_lock(MemoryTree({})).entries == {}
    assert write_lock([]) == b""


@pytest.mark.parametrize(
    "old",
    [f'commit: "{COMMIT}"', "- kind: base", 'source: "https://example.com/org/repo"'],
)
def test_an_incomplete_entry_is_said_and_left_out(old: str) -> None:
    new = "- kind: else" if old.startswith("-") else "other: x"
    lock = read_lock(MemoryTree({PATH: TEXT.replace(old, new)}))
    assert len(lock.entries) == 2
    assert lock.faults == (f"{PATH}: entry 1 is incomplete: remove it, and fetch again",)


@pytest.mark.parametrize("text", ["fetched: [", "a: 1\na: 2\n", "---\n{}\n---\n{}\n"])
def test_what_is_no_lock_is_said(text: str) -> None:
    lock = read_lock(MemoryTree({PATH: text}))
    assert lock.entries == {}
    assert "is not a lock file" in lock.faults[0]


@pytest.mark.parametrize("text", ["", "[]", "fetched: 3\n", "x"])
def test_an_odd_file_is_an_empty_lock(text: str) -> None:
    assert read_lock(MemoryTree({PATH: text})).entries == {}
