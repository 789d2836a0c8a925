"""What is found, fetched and refused in each mode; the programs and the web are fakes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from gitops_ci.model.span import Location
from gitops_ci.render.fetched.library import Library
from gitops_ci.render.fetched.lock import PATH, write_lock
from gitops_ci.render.fetched.model import (
    ChartPin,
    Closed,
    Entry,
    Key,
    Kind,
    MismatchError,
    Mode,
    NotFetchedError,
    State,
)
from gitops_ci.render.fetched.store import sha256
from gitops_ci.repo.memory import MemoryTree
from tests.support.remote import helm_that_gives, library_of, packed
from tests.support.rendering import FakePrograms

OLD = packed({"Chart.yaml": "name: redis\nversion: 1.0.0\n"})
NEW = packed({"Chart.yaml": "name: redis\nversion: 1.1.0\n"})
OTHER = packed({"Chart.yaml": "name: nginx\nversion: 1.0.0\n"})
ARCHIVES = {"redis 1.0.0": OLD, "redis ^1": NEW, "redis 1.1.0": NEW, "redis 2.0.0": OTHER}
ADDRESS = "https://charts.example.com"
CRDS = "https://example.com/v1/crds.yaml"
EXACT = Key(Kind.CHART, ADDRESS, "redis", "1.0.0")
RANGE = Key(Kind.CHART, ADDRESS, "redis", "^1")
LOCKED = (Entry(EXACT, "1.0.0", sha256(OLD)), Entry(RANGE, "1.0.0", sha256(OLD)))


def _pin(version: str = "1.0.0", address: str = ADDRESS, name: str = "redis") -> ChartPin:
    return ChartPin(address, name, version, Location("release.yaml"))


def _library(
    folder: Path,
    mode: Mode,
    locked: tuple[Entry, ...] = (),
    *,
    archives: Mapping[str, bytes] = ARCHIVES,
    web: Mapping[str, bytes] | None = None,
) -> tuple[Library, FakePrograms]:
    programs = FakePrograms({"helm": helm_that_gives(archives)})
    tree = MemoryTree({PATH: write_lock(locked)})
    return library_of(folder, tree, programs, mode, web=web), programs


def _state(library: Library) -> State:
    (outcome,) = library.outcomes.values()
    return outcome.state


class TestCharts:
    @pytest.mark.parametrize(
        ("mode", "version", "locked", "resolved"),
        [
            (Mode.NETWORK, "1.0.0", False, "1.0.0"),
            (Mode.LOCK, "1.0.0", False, "1.0.0"),
            (Mode.LOCK, "^1", True, "1.0.0"),
            (Mode.UPDATE, "^1", False, "1.1.0"),
            (Mode.UPDATE, "^1", True, "1.1.0"),
            (Mode.UPDATE, "1.0.0", True, "1.0.0"),
        ],
    )
    def test_what_is_pinned_or_to_be_resolved_is_fetched(
        self, tmp_path: Path, mode: Mode, version: str, locked: bool, resolved: str
    ) -> None:
        library, _ = _library(tmp_path, mode, LOCKED if locked else ())
        files = library.chart(_pin(version))
        assert f"version: {resolved}".encode() in files.tree.read("Chart.yaml")
        assert _state(library) is State.FETCHED

    @pytest.mark.parametrize("mode", [Mode.NETWORK, Mode.LOCK])
    @pytest.mark.parametrize(("version", "words"), [("^1", "is a range"), ("", "no version")])
    def test_a_range_is_refused(self, tmp_path: Path, mode: Mode, version: str, words: str) -> None:
        library, programs = _library(tmp_path, mode)
        with pytest.raises(NotFetchedError, match=words):
            library.chart(_pin(version))
        assert _state(library) is State.REFUSED
        assert programs.calls == []

    def test_without_the_network_the_cache_alone_counts(self, tmp_path: Path) -> None:
        tree = MemoryTree({PATH: write_lock(LOCKED)})
        with pytest.raises(NotFetchedError, match="the cache lacks it"):
            library_of(tmp_path, tree).chart(_pin())
        with pytest.raises(NotFetchedError, match="has not been fetched"):
            library_of(tmp_path, tree).chart(_pin("3.0.0"))
        _library(tmp_path, Mode.LOCK, LOCKED)[0].chart(_pin())
        offline = library_of(tmp_path, tree)
        assert offline.chart(_pin()).tree.entry("Chart.yaml") is not None
        assert _state(offline) is State.PRESENT

    def test_a_chart_without_a_lock_is_not_taken_from_the_cache(self, tmp_path: Path) -> None:
        _library(tmp_path, Mode.NETWORK)[0].chart(_pin())
        empty = library_of(tmp_path, MemoryTree({}))
        assert empty.is_closed
        with pytest.raises(NotFetchedError):
            empty.chart(_pin())

    def test_a_chart_is_fetched_once(self, tmp_path: Path) -> None:
        for calls in (1, 0):
            library, programs = _library(tmp_path, Mode.NETWORK)
            assert library.chart(_pin()) is library.chart(_pin())
            assert len(programs.calls) == calls

    @pytest.mark.parametrize("mode", [Mode.NETWORK, Mode.LOCK, Mode.UPDATE])
    def test_another_digest_than_the_locked_one_is_an_error(
        self, tmp_path: Path, mode: Mode
    ) -> None:
        library, _ = _library(tmp_path, mode, LOCKED, archives={"redis 1.0.0": NEW})
        with pytest.raises(MismatchError, match=f"sha256:{sha256(OLD)} is locked"):
            library.chart(_pin())
        assert _state(library) is State.MISMATCH
        assert not list((tmp_path / "sha256").glob("*"))

    @pytest.mark.parametrize(
        ("version", "words"), [("2.0.0", "holds the chart 'nginx'"), ("8.0.0", "is refused")]
    )
    def test_what_is_not_the_chart_is_an_error(
        self, tmp_path: Path, version: str, words: str
    ) -> None:
        archives = {**ARCHIVES, "redis 8.0.0": b"no archive"}
        library, _ = _library(tmp_path, Mode.LOCK, archives=archives)
        with pytest.raises(MismatchError, match=words):
            library.chart(_pin(version))
        assert _state(library) is State.MISMATCH

    @pytest.mark.parametrize("mode", [Mode.NETWORK, Mode.LOCK])
    def test_what_cannot_be_had_is_missing_with_its_reason(
        self, tmp_path: Path, mode: Mode
    ) -> None:
        library, _ = _library(tmp_path, mode)
        with pytest.raises(NotFetchedError, match="not found"):
            library.chart(_pin("9.9.9"))
        assert _state(library) is State.FAILED

    @pytest.mark.parametrize(
        ("address", "name", "version"),
        [
            ("file:///srv/charts", "redis", "1.0.0"),
            ("ftp://example.com", "redis", "1.0.0"),
            ("@alias", "redis", "1.0.0"),
            ("", "redis", "1.0.0"),
            (ADDRESS, "--debug", "1.0.0"),
            (ADDRESS, "../redis", "1.0.0"),
        ],
    )
    def test_hostile_pins_never_reach_helm(
        self, tmp_path: Path, address: str, name: str, version: str
    ) -> None:
        library, programs = _library(tmp_path, Mode.LOCK)
        with pytest.raises(NotFetchedError):
            library.chart(_pin(version, address, name))
        assert programs.calls == []

    def test_helm_sees_nothing_of_the_user(self, tmp_path: Path) -> None:
        library, programs = _library(tmp_path, Mode.LOCK)
        library.chart(_pin())
        words, env = programs.calls[0]
        assert words[1:5] == ["pull", "redis", f"--repo={ADDRESS}", "--version=1.0.0"]
        assert {env["HTTP_PROXY"], env["http_proxy"]} == {"http://127.0.0.1:9"}
        private = ("HOME", "DOCKER_CONFIG", "HELM_CONFIG_HOME", "HELM_PLUGINS", "XDG_CONFIG_HOME")
        homes = {env[name].partition("/home")[0] for name in private}
        assert len(homes) == 1
        assert "gitops-ci-pull-" in homes.pop()

    def test_passwords_are_neither_kept_nor_told(self, tmp_path: Path) -> None:
        library, programs = _library(tmp_path, Mode.LOCK)
        with pytest.raises(NotFetchedError) as caught:
            library.chart(_pin("9.9.9", "https://me:secret@charts.example.com"))
        assert "--repo=https://me:secret@charts.example.com" in programs.calls[0][0]
        assert "secret" not in str(caught.value)
        assert "secret" not in repr(library.outcomes)


class TestFiles:
    def test_a_file_is_pinned_by_its_digest(self, tmp_path: Path) -> None:
        library, _ = _library(tmp_path, Mode.LOCK, web={CRDS: b"kind: A\n"})
        mounted = library.base(CRDS)
        assert mounted.path.endswith("/crds.yaml")
        assert mounted.files.tree.read(mounted.path) == b"kind: A\n"
        (outcome,) = library.outcomes.values()
        assert outcome.entry == Entry(Key(Kind.FILE, CRDS), "", sha256(b"kind: A\n"))

    def test_nothing_pins_a_file_without_a_lock(self, tmp_path: Path) -> None:
        library, _ = _library(tmp_path, Mode.NETWORK, web={CRDS: b"kind: A\n"})
        with pytest.raises(NotFetchedError, match="nothing pins this file"):
            library.base(CRDS)

    @pytest.mark.parametrize(
        ("mode", "state"),
        [
            (Mode.NETWORK, State.MISMATCH),
            (Mode.LOCK, State.MISMATCH),
            (Mode.UPDATE, State.FETCHED),
        ],
    )
    def test_a_changed_file_needs_an_update(self, tmp_path: Path, mode: Mode, state: State) -> None:
        locked = (Entry(Key(Kind.FILE, CRDS), "", sha256(b"kind: A\n")),)
        library, _ = _library(tmp_path, mode, locked, web={CRDS: b"kind: B\n"})
        try:
            library.base(CRDS)
        except MismatchError:
            assert state is State.MISMATCH
        assert _state(library) is state

    def test_a_file_that_is_gone_is_an_error(self, tmp_path: Path) -> None:
        library, _ = _library(tmp_path, Mode.LOCK)
        with pytest.raises(NotFetchedError, match="404"):
            library.base(CRDS)


@pytest.mark.parametrize(
    "text",
    [
        "ssh://git@example.com/o/r?ref=v1",
        "file:///srv/repo?ref=--upload-pack=x",
        "file:///srv/repo?ref=a..b",
        "nothing",
    ],
)
def test_bases_that_are_never_fetched(tmp_path: Path, text: str) -> None:
    programs = FakePrograms({"git": helm_that_gives({})})
    library = library_of(tmp_path, MemoryTree({}), programs, Mode.LOCK)
    with pytest.raises(NotFetchedError):
        library.base(text)
    assert programs.calls == []


def test_a_missing_program_is_said(tmp_path: Path) -> None:
    library = library_of(tmp_path, MemoryTree({}), FakePrograms(), Mode.LOCK)
    with pytest.raises(NotFetchedError, match="tools install helm"):
        library.chart(_pin())
    with pytest.raises(NotFetchedError, match="git was not found"):
        library.base("https://example.com/o/r?ref=v1")


def test_nothing_is_open_without_a_lock() -> None:
    assert Closed().is_closed
    broken = Closed("the lock is broken")
    assert not broken.is_closed
    with pytest.raises(NotFetchedError, match="the lock is broken"):
        broken.chart(_pin())
    with pytest.raises(NotFetchedError, match="the lock is broken"):
        broken.base(CRDS)
