"""What a format is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct, field

from gitops_ci import __version__
from gitops_ci.model.report import Judged, Report
from gitops_ci.model.severity import Severity
from gitops_ci.output.colour import Palette


def _no_source(_path: str) -> bytes | None:
    return None


def _no_link(_path: str, _line: int) -> str:
    return ""


class ReportContext(Struct, frozen=True):
    """The circumstances of a report.

    `source` gives the bytes of a file for excerpts, or None. `link` gives the address of a line
    in the forge's view of the commit, or "". `fail_on` is the lowest severity that blocks, None
    for never. `seconds` is how long the run took, None when that must not show. `with_suppressed`
    puts suppressed findings into formats that can mark them as such (GitHub's code scanning
    cannot: it would open an alert for each). `colour` and `columns` are for people's terminals.
    """

    source: Callable[[str], bytes | None] = _no_source
    link: Callable[[str, int], str] = _no_link
    command: str = "check"
    fail_on: Severity | None = Severity.ERROR
    fail_on_existing: bool = False
    seconds: float | None = None
    started: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    with_suppressed: bool = False
    palette: Palette = field(default_factory=Palette)
    columns: int = 100
    version: str = __version__

    def blocks(self, judged: Judged) -> bool:
        """Whether this finding alone makes the run fail."""
        if self.fail_on is None or judged.suppressed:
            return False
        if judged.existing and not self.fail_on_existing:
            return False
        return judged.finding.severity >= self.fail_on


class Reporter(Protocol):
    """A format. A pure function of its arguments: the same report always gives the same text."""

    def render(self, report: Report, context: ReportContext) -> str:
        """The whole report, ending in a line end."""
        ...
