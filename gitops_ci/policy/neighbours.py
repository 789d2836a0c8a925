"""Objects that are judged together: those of one environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gitops_ci.policy.kinds import Kind, Kinds
from gitops_ci.policy.subject import Subject

_NONE: Kinds = frozenset()


class Neighbours:
    """The objects of one environment, with those that belong to no environment.

    `own` are the ones whose faults count here. `unseen` are the kinds of which the repository has
    objects that this run did not look at: a rule cannot say that such an object is missing.
    """

    def __init__(
        self,
        own: tuple[Subject, ...],
        shared: tuple[Subject, ...] = (),
        unseen: Kinds = _NONE,
    ) -> None:
        self._unseen = unseen
        self._own = frozenset(map(id, own))
        self._own_of: dict[Kind, list[Subject]] = {}
        self._of: dict[Kind, list[Subject]] = {}
        self._by_root: dict[tuple[Kind, str], list[Subject]] = {}
        self._by_namespace: dict[tuple[Kind, str], list[Subject]] = {}
        self._kinds_of_root: dict[str, set[Kind]] = {}
        for subject in own:
            self._own_of.setdefault(subject.kind, []).append(subject)
        for subject in (*own, *shared):
            kind, root = subject.kind, subject.root.name
            self._of.setdefault(kind, []).append(subject)
            self._by_root.setdefault((kind, root), []).append(subject)
            self._by_namespace.setdefault((kind, subject.namespace), []).append(subject)
            self._kinds_of_root.setdefault(root, set()).add(kind)

    def of(self, kinds: Kinds) -> Iterator[Subject]:
        """All objects of the kinds, the shared ones too."""
        for kind in sorted(kinds & self._of.keys()):
            yield from self._of[kind]

    def own_of(self, kinds: Kinds) -> Iterator[Subject]:
        """The objects of the kinds whose faults count here."""
        for kind in sorted(kinds & self._own_of.keys()):
            yield from self._own_of[kind]

    def owns(self, subject: Subject) -> bool:
        """Whether the object's faults count here."""
        return id(subject) in self._own

    def beside(self, subject: Subject, kinds: Kinds) -> list[Subject]:
        """The objects of the kinds that the same root puts into the namespace of the subject. One
        that is not written may be any."""
        root, namespace = subject.root.name, subject.namespace
        present = kinds & self._kinds_of_root.get(root, set())
        found = (other for kind in sorted(present) for other in self._by_root[kind, root])
        return [
            other
            for other in found
            if other.namespace == namespace or not other.namespace or not namespace
        ]

    def around(self, subject: Subject, kinds: Kinds) -> list[Subject]:
        """All objects of the kinds in the namespace of the subject, whichever root renders them."""
        found = self.beside(subject, kinds)
        known = set(map(id, found))
        namespace = subject.namespace
        for kind in sorted(kinds & self._of.keys()):
            others = self._by_namespace.get((kind, namespace), ())
            found += [other for other in others if id(other) not in known]
        return found

    def near(
        self, subject: Subject, kinds: Kinds, fits: Callable[[Subject], bool] = bool
    ) -> list[Subject]:
        """The objects of the kinds in the namespace of the subject that fit. Of several roots, such
        as two clusters of one environment, its own counts if it has any."""
        own = [other for other in self.beside(subject, kinds) if fits(other)]
        return own or [other for other in self.around(subject, kinds) if fits(other)]

    def kinds_beside(self, subject: Subject) -> Iterable[Kind]:
        """The kinds of everything that the root of the subject renders."""
        return self._kinds_of_root.get(subject.root.name, ())

    def sees_all(self, kinds: Kinds) -> bool:
        """Whether every object of the kinds that the repository holds was looked at."""
        return kinds.isdisjoint(self._unseen)
