"""All objects of a repository, for rules that compare environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gitops_ci.policy.kinds import Kinds
from gitops_ci.policy.subject import Subject


class Estate:
    """The objects of each environment. `earlier` holds, for an environment, those that its
    versions come from."""

    def __init__(self, subjects: Iterable[Subject], earlier: Mapping[str, tuple[str, ...]]) -> None:
        self.earlier = earlier
        self._of: dict[str, list[Subject]] = {}
        for subject in subjects:
            self._of.setdefault(subject.environment, []).append(subject)

    def of(self, environment: str, kinds: Kinds) -> Iterator[Subject]:
        """The objects of the kinds in an environment."""
        return (item for item in self._of.get(environment, ()) if item.kind in kinds)
