"""What a text tells, gathered by whoever knows it. All of it may be hostile; it is escaped where it
is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from gitops_ci.promote.words.rendering import Rendering


class Row(Struct, frozen=True):
    """One thing that changes: `name` goes `before` → `after` at `places`. `source` is the address
    of the git repository that its versions are tags of, empty when that is not known; `why` says
    where the new content comes from."""

    name: str
    before: str
    after: str
    places: tuple[str, ...] = ()
    older: bool = False
    source: str = ""
    why: str = ""


class Gated(Struct, frozen=True):
    """One gate's word about the change, and when that changes by itself."""

    gate: str
    is_open: bool
    text: str
    until: datetime | None = None


class Matrix(Struct, frozen=True):
    """Which version stands where: for each app the text of each environment that has it."""

    environments: tuple[str, ...] = ()
    apps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Story(Struct, frozen=True):
    """One proposal. `kind` is the command that made it; `back` is the command that undoes it, as
    words; `notes` are sentences about the whole; `rendering` is None where nobody rendered."""

    kind: str
    environment: str
    unit: str
    rows: tuple[Row, ...]
    gates: tuple[Gated, ...] = ()
    matrix: Matrix = Matrix()
    rendering: Rendering | None = None
    back: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
