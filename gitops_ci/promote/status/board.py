"""The matrix of apps and environments as data."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct

from gitops_ci.promote.freeze import Freeze
from gitops_ci.promote.holds import Hold


class Stand(Enum):
    """How an app in an environment compares with where its versions come from."""

    FIRST = "first"
    """Nothing comes before: versions enter here."""
    LEVEL = "level"
    BEHIND = "behind"
    AHEAD = "ahead"
    BLOCKED = "blocked"
    """The next step cannot be planned."""
    ALONE = "alone"
    """The source does not have the app."""
    ABSENT = "absent"
    """The app is not here, but in the source."""


class Cell(Struct, frozen=True):
    """One app in one environment. `versions` are those of all its clusters; where these differ,
    `clusters` tells each one's. `since` is when the present state came, with `commit`; both are
    empty for one that is not committed or has no history. `compared_since` is since when it is
    ahead or behind, `coming` what the next step brings, and `waits` what that step waits for;
    without any it may move now. `offer` is the command that takes what is ahead back to its source.
    """

    environment: str
    app: str
    stand: Stand
    versions: tuple[str, ...] = ()
    clusters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: datetime | None = None
    commit: str = ""
    compared_since: datetime | None = None
    coming: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    hold: Hold | None = None
    freeze: Freeze | None = None
    offer: str = ""

    @property
    def is_here(self) -> bool:
        """Whether the app stands in the environment at all."""
        return bool(self.versions or self.clusters or self.since)


class Column(Struct, frozen=True):
    """An environment with what its versions come from."""

    name: str
    sources: tuple[str, ...] = ()
    protected: bool = False
    freeze: Freeze | None = None


class Board(Struct, frozen=True):
    """The whole at the moment `now`: columns in the order of the graph, and for each app a cell
    for every column. `notes` say what could not be seen."""

    now: datetime
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    notes: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells."""
        return tuple(cell for _, cells in self.rows for cell in cells)

    def count(self, stand: Stand) -> int:
        """How many cells stand so."""
        return sum(cell.stand is stand for cell in self.cells)
