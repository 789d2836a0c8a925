"""Rendered objects against the rules of the chosen packs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import Finding
from gitops_ci.policy.choice import Choice
from gitops_ci.policy.estate import Estate, Places
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.kinds import EVERY, Kind, Kinds
from gitops_ci.policy.mending import Sources, no_sources
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.report import finding_of
from gitops_ci.policy.settings import Settings
from gitops_ci.policy.shapes import PodRule
from gitops_ci.policy.sources import KustomizationFile, finding_in
from gitops_ci.policy.subject import Subject
from gitops_ci.render.objects import Rendered

Check = Callable[[Subject], Iterator[Fault]]


class PolicyCheck:
    """Runs the rules of a choice. `places` knows the environments; `unseen` are the kinds
    of which the repository has objects that are not handed over; what mends a fault is an edit of
    a file of `sources`."""

    def __init__(
        self,
        choice: Choice,
        settings: Settings,
        places: Places,
        *,
        unseen: Kinds,
        sources: Sources = no_sources,
    ) -> None:
        self._choice = choice
        self._settings = settings
        self._places = places
        self._unseen = unseen
        self._sources = sources
        self._by_kind: dict[Kind, tuple[Check, ...]] = {}

    def findings(
        self, rendered: Iterable[Rendered], files: Iterable[SourceFile] = ()
    ) -> Iterator[Finding]:
        """What the rules find in the objects of all roots, and in the kustomizations `files`."""
        yield from self._of_files(files)
        applied = [(item.root, list(self._subjects(item))) for item in rendered]
        subjects = [subject for _, group in applied for subject in group]
        for subject in subjects:
            for check in self._checks(subject.kind):
                for fault in check(subject):
                    yield finding_of(fault, subject, self._sources)
        if self._choice.together:
            yield from self._together(subjects)
        if self._choice.across:
            estate = Estate(applied, self._places, self._settings, self._unseen)
            for rule in self._choice.across:
                for subject, fault in rule.check(estate):
                    yield finding_of(fault, subject, self._sources)

    def _of_files(self, files: Iterable[SourceFile]) -> Iterator[Finding]:
        for source in files if self._choice.files else ():
            value = source.documents[0].value if source.documents else None
            if isinstance(value, dict):
                environment = self._places.of(source.path)
                protected = self._places.is_protected(environment)
                file = KustomizationFile(source, value, environment, protected)
                for rule in self._choice.files:
                    yield from (finding_in(fault, file) for fault in rule.check(file))

    def _subjects(self, item: Rendered) -> Iterator[Subject]:
        root = item.root
        protected = self._places.is_protected(root.environment)
        for thing in item.objects:
            yield Subject(thing, root, self._settings, protected=protected)

    def _checks(self, kind: Kind) -> tuple[Check, ...]:
        """The checks for one kind of object."""
        known = self._by_kind.get(kind)
        if known is None:
            checks: list[Check] = [
                rule.check
                for rule in self._choice.objects
                if rule.KINDS is EVERY or kind in rule.KINDS
            ]
            if kind in WORKLOADS and self._choice.pods:
                checks.append(self._pods)
            known = self._by_kind[kind] = tuple(checks)
        return known

    def _pods(self, subject: Subject) -> Iterator[Fault]:
        for pod in subject.pods:
            for rule, minors in self._choice.pods:
                yield from _of_versions(rule, minors, pod)

    def _together(self, subjects: list[Subject]) -> Iterator[Finding]:
        by_environment: dict[str, list[Subject]] = {}
        for subject in subjects:
            by_environment.setdefault(subject.environment, []).append(subject)
        shared = tuple(by_environment.get("", ()))
        for environment, own in sorted(by_environment.items()):
            others = shared if environment else ()
            neighbours = Neighbours(tuple(own), others, self._unseen)
            for rule in self._choice.together:
                for subject, fault in rule.check(neighbours):
                    yield finding_of(fault, subject, self._sources)


def _of_versions(rule: PodRule, minors: tuple[int, ...], pod: PodView) -> Iterator[Fault]:
    """The faults of a pod in any of the versions, each once."""
    seen: list[Fault] = []
    for minor in minors:
        for fault in rule.check(pod, minor):
            if fault not in seen:
                seen.append(fault)
                yield fault
