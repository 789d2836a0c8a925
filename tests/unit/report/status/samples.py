"""Boards for the tests of the status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gitops_ci.promote.freeze import Freeze
from gitops_ci.promote.holds import Hold
from gitops_ci.promote.status.board import Board, Cell, Column, Stand

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def ago(**time: float) -> datetime:
    """A moment before NOW."""
    return NOW - timedelta(**time)


def board(word: str = "web") -> Board:
    """Every kind of cell; `word` stands wherever the repository could put a text."""
    hold = Hold("prod", word, ((word, "1.4.0"),), word, word)
    freeze = Freeze(("prod",), word, word, NOW + timedelta(days=2))
    columns = (
        Column("dev"),
        Column(f"staging {word}", ("dev",)),
        Column("prod", (f"staging {word}",), True, freeze),
    )
    rows = (
        (word, (
            Cell("dev", word, Stand.FIRST, ("1.5.0",), since=ago(hours=2), commit="a" * 40),
            Cell("staging", word, Stand.LEVEL, ("1.5.0",), since=ago(minutes=5), commit="b" * 40),
            Cell("prod", word, Stand.BEHIND, ("1.3.0",), since=ago(days=9), commit="c" * 40,
                 compared_since=ago(days=1), coming=("1.5.0",), waits=(f"hold: {word}",),
                 hold=hold, freeze=freeze),
        )),
        ("cart", (
            Cell("dev", "cart", Stand.FIRST, (word, "2.0.0"), since=ago(days=1), commit="d" * 40),
            Cell("staging", "cart", Stand.AHEAD, ("2.1.0@sha256:" + "e" * 64,), since=ago(days=3),
                 commit="e" * 40, compared_since=ago(days=3),
                 offer=f"gitops-ci promote --app {word}",
                 clusters=(("cluster=eu-1", ("2.1.0",)), (word, ("2.0.0",)))),
            Cell("prod", "cart", Stand.BLOCKED, ("1.0.0",), waits=(word,), freeze=freeze),
        )),
        ("new", (
            Cell("dev", "new", Stand.FIRST, ("0.1.0",)),
            Cell("staging", "new", Stand.ABSENT),
            Cell("prod", "new", Stand.ALONE),
        )),
    )  # fmt: skip
    return Board(NOW, columns, rows, (f"note {word}",))
