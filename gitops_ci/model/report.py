"""The outcome of a run, before anybody formats it."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct, field

from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip


class Status(Enum):
    """The verdict."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    INCOMPLETE = "incomplete"


class Checked(Struct, frozen=True):
    """How much was looked at. `files` counts each YAML or JSON file that was parsed."""

    files: int = 0
    documents: int = 0
    roots: int = 0
    objects: int = 0
    bytes: int = 0


class Judged(Struct, frozen=True):
    """A finding together with what the engine decided about it.

    `existing` means that it stands at the merge base too; `suppressed` holds the reason and is
    empty when nothing suppresses it. `fingerprint` never depends on a line number.
    """

    finding: Finding
    fingerprint: str
    existing: bool = False
    suppressed: str = ""


class Report(Struct, frozen=True):
    """Everything the reporters need. `shown` is sorted by path and line and blocks by severity;
    `existing` and `suppressed` never block and are kept so that the totals stay truthful."""

    status: Status
    shown: tuple[Judged, ...] = ()
    existing: tuple[Judged, ...] = ()
    suppressed: tuple[Judged, ...] = ()
    skipped: tuple[Skip, ...] = ()
    checked: Checked = field(default_factory=Checked)
    remarks: tuple[str, ...] = ()
