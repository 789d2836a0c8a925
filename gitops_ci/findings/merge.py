"""One fault, one finding: however many roots and Kubernetes versions show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.findings.fingerprint import VERSIONS, normalised
from gitops_ci.model.finding import Finding, Related
from gitops_ci.model.span import Location

Key = tuple[object, ...]
RootPlace = Callable[[str], Location]
"""Where a root is written, such as its kustomization file."""


class Case(Struct, frozen=True):
    """A finding of one root with its settled severity. `suppressed` is the reason, if any;
    `observed` ones never block."""

    finding: Finding
    fingerprint: str
    suppressed: str = ""
    observed: bool = False


class Group(Struct, frozen=True):
    """The cases that are one fault. `finding` names all roots; `fingerprint` is the smallest of
    `fingerprints`, which differ when overlays rename the object."""

    finding: Finding
    fingerprints: frozenset[str]
    suppressed: str
    observed: bool

    @property
    def fingerprint(self) -> str:
        """The one that reports show."""
        return min(self.fingerprints)


def place_of_root(root: str) -> Location:
    """The path of the root, when nobody knows better."""
    return Location(root.partition("#")[0])


def collapse(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with those merged that one root gives several times, such as one for each
    Kubernetes version; the highest severity stands."""
    groups: dict[Key, list[Finding]] = {}
    for finding in findings:
        key = (*_key(finding), finding.root, _object(finding))
        groups.setdefault(key, []).append(finding)
    return [_joined(group) for group in groups.values()]


def across_roots(cases: Iterable[Case], root_place: RootPlace = place_of_root) -> list[Group]:
    """The faults behind the cases of all roots. Suppressed and open cases are never mixed; a fault
    is observed only when it is in every root."""
    groups: dict[Key, list[Case]] = {}
    for case in cases:
        key = (*_key(case.finding), bool(case.suppressed))
        groups.setdefault(key, []).append(case)
    return [_group(part, root_place) for group in groups.values() for part in _parts(group)]


def _key(finding: Finding) -> Key:
    place, said = finding.location, finding.key or normalised(finding.message)
    return (finding.rule.id, place.path, place.document, place.span, place.route, said)


def _object(finding: Finding) -> Key:
    ref = finding.object
    return (ref.group, ref.kind, ref.name, ref.namespace) if ref else ()


def _parts(group: list[Case]) -> Iterable[list[Case]]:
    """A line that gives several objects in one root, as a chart's loop does, is a fault of each of
    them; one that gives an object of another name in each root is one fault."""
    seen: dict[str, Key] = {}
    for case in group:
        identity = _object(case.finding)
        if seen.setdefault(case.finding.root, identity) != identity:
            break
    else:
        return [group]
    parts: dict[Key, list[Case]] = {}
    for case in group:
        parts.setdefault(_object(case.finding)[:3], []).append(case)
    return parts.values()


def _group(cases: list[Case], root_place: RootPlace) -> Group:
    ordered = sorted(cases, key=_weight)
    first = ordered[0]
    roots = dict.fromkeys(case.finding.root for case in ordered if case.finding.root)
    finding = _joined([case.finding for case in ordered])
    others = [root for root in roots if root != finding.root]
    if others:
        seen = tuple(Related(root_place(root), _also(root)) for root in others)
        finding = replace(finding, related=(*finding.related, *seen))
    prints = frozenset(case.fingerprint for case in cases)
    observed = all(case.observed for case in cases)
    return Group(finding, prints, first.suppressed, observed)


def _weight(case: Case) -> tuple[int, bool, str]:
    return -case.finding.severity, case.observed, case.finding.root


def _joined(findings: list[Finding]) -> Finding:
    """The first of the most severe, its message naming the Kubernetes versions of all."""
    first = max(findings, key=lambda finding: finding.severity)
    named = [hit for finding in findings if (hit := VERSIONS.search(finding.message))]
    if len({hit[0] for hit in named}) <= 1 or not VERSIONS.search(first.message):
        return first
    numbers = {number for hit in named for number in hit[0].replace("v", "").split()[1:]}
    listed = sorted(
        {number.strip(",") for number in numbers if number[0] == "1"},
        key=lambda number: [int(part) for part in number.split(".")],
    )
    return replace(first, message=VERSIONS.sub(f"Kubernetes {', '.join(listed)}", first.message, 1))


def _also(root: str) -> str:
    """The words beside the place of a root; one that a controller applies is not told by it."""
    return f"also rendered by {root}" if "#" in root else "also rendered here"
