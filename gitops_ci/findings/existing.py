"""What stands at the merge base already: on a pull request only what the change brings blocks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from gitops_ci.findings.merge import Group
from gitops_ci.model.finding import Finding
from gitops_ci.model.severity import Severity

Ranges = tuple[tuple[int, int], ...]
"""Line ranges from 1, both ends included."""


class Standing(Struct, frozen=True):
    """The open faults of the merge base: for path and fingerprint, the severity of each."""

    faults: Mapping[tuple[str, str], tuple[Severity, ...]] = field(default_factory=dict)


def standing_of(groups: Iterable[Group]) -> Standing:
    """The standing faults among `groups`; suppressed ones do not stand, so that taking away their
    suppression brings them."""
    faults: dict[tuple[str, str], list[Severity]] = {}
    for group in groups:
        if group.suppressed:
            continue
        for fingerprint in group.fingerprints:
            key = (group.finding.location.path, fingerprint)
            faults.setdefault(key, []).append(group.finding.severity)
    return Standing({key: tuple(severities) for key, severities in faults.items()})


def existing_among(
    groups: list[Group],
    standing: Standing,
    renames: Mapping[str, str],
    changed: Mapping[str, Ranges],
) -> set[int]:
    """The indices of the groups that stand at the merge base. Each standing fault accounts for one
    group in the same file (`renames` leads from new to old paths) that is no more severe; among
    equal ones those off the changed lines come first. What is left accounts for faults that move,
    in whatever file they are now."""
    left = {key: sorted(severities) for key, severities in standing.faults.items()}
    result: set[int] = set()
    indices = [index for index, group in enumerate(groups) if not group.suppressed]
    indices.sort(key=lambda index: _on_changed_line(groups[index].finding, changed))
    for index in indices:
        path = groups[index].finding.location.path
        keys = [(renames.get(path, path), print_) for print_ in groups[index].fingerprints]
        if _accounted(groups[index], keys, left):
            result.add(index)
    for index in indices:
        group = groups[index]
        if index not in result and group.finding.moves:
            weight = group.finding.severity
            moved = (k for k in left if k[1] in group.fingerprints and left[k][-1] >= weight)
            if _accounted(group, sorted(moved)[:1], left):
                result.add(index)
    return result


def _accounted(
    group: Group,
    keys: Iterable[tuple[str, str]],
    left: dict[tuple[str, str], list[Severity]],
) -> bool:
    """Whether standing faults account for the group; then they are used up."""
    severity = group.finding.severity
    hits = [key for key in keys if left.get(key, [0])[-1] >= severity]
    for key in hits:
        _take(left, key, severity)
    return bool(hits)


def _take(
    left: dict[tuple[str, str], list[Severity]], key: tuple[str, str], severity: Severity
) -> None:
    """Use up the least severe fault that is severe enough."""
    severities = left[key]
    severities.pop(bisect_left(severities, severity))
    if not severities:
        del left[key]


def _on_changed_line(finding: Finding, changed: Mapping[str, Ranges]) -> bool:
    ranges = changed.get(finding.location.path, ())
    return any(first <= finding.location.line <= last for first, last in ranges)
