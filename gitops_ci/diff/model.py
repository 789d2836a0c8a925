"""The differences between two renderings."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

from msgspec import Struct

from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.span import Location


class Kind(Enum):
    """What became of an object or a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Noise(Enum):
    """Why a difference says nothing new: it follows from another one."""

    CHECKSUM = "checksum"
    GENERATED_NAME = "generated name"
    CHART_LABEL = "chart label"


class _Absent(Enum):
    ABSENT = "absent"


ABSENT: Final = _Absent.ABSENT
"""The value on the side that has none; null is a value."""

MASK = "***"
"""What is shown for a value of a Secret."""


class ValueChange(Struct, frozen=True):
    """One value that differs. `path` names it for people: items of lists of named things by their
    name, `containers[web].image`. `before` and `after` are plain values or ABSENT, and MASK for
    what nobody may see. `source` is the line that sets the value now, or set it before."""

    path: str
    before: Any
    after: Any
    noise: Noise | None = None
    source: Location | None = None

    @property
    def kind(self) -> Kind:
        """What became of the value."""
        if self.before is ABSENT:
            return Kind.ADDED
        return Kind.REMOVED if self.after is ABSENT else Kind.CHANGED


class ObjectChange(Struct, frozen=True):
    """One object that differs, in each of `roots` in the same way. An added or removed one has its
    whole (masked) `document` and no values. `was` is its former name, if that is another one."""

    kind: Kind
    ref: ObjectRef
    roots: tuple[str, ...]
    values: tuple[ValueChange, ...] = ()
    document: Any = None
    source: Location | None = None
    was: str = ""

    @property
    def is_noise(self) -> bool:
        """Whether nothing differs but what follows from other differences."""
        return self.kind is Kind.CHANGED and all(value.noise for value in self.values)


class EnvironmentChange(Struct, frozen=True):
    """What differs in one environment; its name is empty for what belongs to none."""

    name: str
    objects: tuple[ObjectChange, ...]
    protected: bool = False

    def count(self, kind: Kind) -> int:
        """How many objects became so, noise left out."""
        return sum(item.kind is kind and not item.is_noise for item in self.objects)

    @property
    def noise(self) -> int:
        """How many objects differ only in what follows from other differences."""
        return sum(item.is_noise for item in self.objects)


class Unseen(Struct, frozen=True):
    """Something whose difference is unknown: it could not be rendered on one side or on both."""

    path: str
    reason: str


class Difference(Struct, frozen=True):
    """The whole: `before` and `after` say what was compared."""

    before: str
    after: str
    environments: tuple[EnvironmentChange, ...] = ()
    unseen: tuple[Unseen, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no object differs."""
        return not any(item.objects for item in self.environments)
