"""A resource on its way through a build."""

from __future__ import annotations

from typing import Any

from gitops_ci.render.kustomize.history import History, Source, Step
from gitops_ci.render.kustomize.ids import Gvk, Id, id_of


class Resource:
    """An object and what kustomize remembers about it: `previous` identities (oldest first), name
    `prefixes` and `suffixes`, whether its name gets a hash, how it was generated (`behavior`), the
    names of labels and annotations that transformers added (`entries`), and the vars that point at
    it. A base's resources are copied before an overlay changes them."""

    __slots__ = (
        "_id",
        "behavior",
        "entries",
        "hashed",
        "history",
        "opaque",
        "prefixes",
        "previous",
        "source",
        "suffixes",
        "value",
        "variables",
    )

    def __init__(self, value: dict[str, Any], source: Source) -> None:
        self.value = value
        self.source = source
        self.history: History | None = None
        self.previous: tuple[Id, ...] = ()
        self.prefixes: tuple[str, ...] = ()
        self.suffixes: tuple[str, ...] = ()
        self.hashed = False
        self.behavior = ""
        self.opaque = False
        self.entries: frozenset[str] = frozenset()
        self.variables: tuple[str, ...] = ()
        self._id: Id | None = None

    def copy(self) -> Resource:
        """Another Resource that shares the value and the history."""
        twin = Resource.__new__(Resource)
        for name in Resource.__slots__:
            setattr(twin, name, getattr(self, name))
        return twin

    @property
    def id(self) -> Id:
        """The identity that the resource has now."""
        if self._id is None:
            self._id = id_of(self.value)
        return self._id

    @property
    def original(self) -> Id:
        """The first identity."""
        return self.previous[0] if self.previous else self.id

    @property
    def gvk(self) -> Gvk:
        """Group, version and kind as they are now."""
        return self.id.gvk

    @property
    def marked(self) -> bool:
        """Whether the reference would carry bookkeeping in the annotations by now."""
        return bool(self.previous or self.prefixes or self.suffixes or self.hashed or self.behavior)

    def remember(self) -> None:
        """Append the present identity to the previous ones."""
        self.previous = (*self.previous, self.id)

    def change(self, value: dict[str, Any], step: Step) -> None:
        """Take a new value, and remember what made it."""
        before = self.value
        self.history = History(self.history, before, step)
        self.value = value
        if not _is_called_the_same(before, value):
            self._id = None

    def matches(self, wanted: Id) -> bool:
        """Whether any identity, present or previous, is `wanted`."""
        return self.id == wanted or wanted in self.previous_ids()

    def previous_ids(self) -> tuple[Id, ...]:
        """Previous identities, with the group and version that the resource has now."""
        gvk = self.gvk
        if not self.previous or all(item.gvk[:2] == gvk[:2] for item in self.previous):
            return self.previous
        return tuple(
            item._replace(gvk=Gvk(gvk.group, gvk.version, item.gvk.kind)) for item in self.previous
        )

    def forget(self) -> None:
        """Lose what the reference keeps in annotations, because a patch removed them all."""
        self.previous = self.prefixes = self.suffixes = ()
        self.hashed, self.behavior = False, ""


def _is_called_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether what makes up the identity is known to be the same: equal is not enough, because 1
    and true are equal and different names."""
    if one.get("kind") is not other.get("kind"):
        return False
    if one.get("apiVersion") is not other.get("apiVersion"):
        return False
    mine, its = one.get("metadata"), other.get("metadata")
    if mine is its:
        return True
    if not isinstance(mine, dict) or not isinstance(its, dict):
        return False
    return mine.get("name") is its.get("name") and mine.get("namespace") is its.get("namespace")
