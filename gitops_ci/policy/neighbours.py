"""Objects that are judged together: those of one environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.policy.kinds import Kind, Kinds
from gitops_ci.policy.subject import Subject


class Neighbours:
    """The objects of one environment, with those that belong to no environment.

    `own` are the ones whose faults count here. `complete` says that everything that is deployed
    there was looked at: only then can a rule say that something is missing.
    """

    def __init__(
        self, own: tuple[Subject, ...], shared: tuple[Subject, ...] = (), *, complete: bool = True
    ) -> None:
        self.own = own
        self.complete = complete
        self._of: dict[Kind, list[Subject]] = {}
        for subject in (*own, *shared):
            self._of.setdefault(subject.kind, []).append(subject)

    def of(self, kinds: Kinds) -> Iterator[Subject]:
        """All objects of the kinds, the shared ones too."""
        for kind in sorted(kinds):
            yield from self._of.get(kind, ())

    def own_of(self, kinds: Kinds) -> Iterator[Subject]:
        """The objects of the kinds whose faults count here."""
        return (subject for subject in self.own if subject.kind in kinds)


def nearest(subject: Subject, others: Iterable[Subject]) -> list[Subject]:
    """Those of `others` that the same root renders, else all of them: two clusters of one
    environment may have objects of the same name."""
    found = list(others)
    same = [other for other in found if other.root.name == subject.root.name]
    return same or found
