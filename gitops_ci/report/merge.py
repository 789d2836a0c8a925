"""Several reports as one: the shards of a check, or its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from gitops_ci.model.report import Checked, Judged, Report, Status

_WORST = (Status.INCOMPLETE, Status.FAIL, Status.PASS)


def merged(reports: Sequence[Report]) -> Report:
    """The report of all: the worst status, each finding once. Of how much was looked at, the
    largest number of each kind stands: the parts of a check look at the same files."""
    if not reports:
        return Report(Status.INCOMPLETE, remarks=("there is no report to merge",))
    statuses = {report.status for report in reports}
    checked = [report.checked for report in reports]
    return Report(
        next(status for status in _WORST if status in statuses),
        _once(item for report in reports for item in report.shown),
        _once(item for report in reports for item in report.existing),
        (),
        tuple(dict.fromkeys(skip for report in reports for skip in report.skipped)),
        replace(
            Checked(),
            **{
                name: max(getattr(item, name) for item in checked)
                for name in Checked.__struct_fields__
            },
        ),
        tuple(dict.fromkeys(remark for report in reports for remark in report.remarks)),
    )


def _once(items: Iterable[Judged]) -> tuple[Judged, ...]:
    unique = {
        (item.fingerprint, item.finding.location.path, item.finding.location.line): item
        for item in items
    }
    return tuple(sorted(unique.values(), key=_position))


def _position(item: Judged) -> tuple[str, int, str]:
    place = item.finding.location
    return place.path, place.line, item.finding.rule.id
