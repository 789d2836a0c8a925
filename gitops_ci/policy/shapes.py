"""The five shapes of a rule's module, and how one is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from gitops_ci.model.rule import Rule
    from gitops_ci.policy.estate import Estate
    from gitops_ci.policy.fault import Fault
    from gitops_ci.policy.kinds import Kinds
    from gitops_ci.policy.neighbours import Neighbours
    from gitops_ci.policy.pods.view import PodView
    from gitops_ci.policy.sources import KustomizationFile
    from gitops_ci.policy.subject import Subject


class ObjectRule(Protocol):
    """Judges one object of its kinds."""

    RULE: Rule
    KINDS: Kinds

    def check(self, subject: Subject) -> Iterator[Fault]:
        """What is wrong with the object."""
        ...


class SetRule(Protocol):
    """Judges the objects of one environment side by side."""

    RULE: Rule

    def check(self, neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
        """What is wrong, and with which of the objects."""
        ...


class EstateRule(Protocol):
    """Compares the objects of several environments."""

    RULE: Rule

    def check(self, estate: Estate) -> Iterator[tuple[Subject, Fault]]:
        """What is wrong, and with which of the objects."""
        ...


class FileRule(Protocol):
    """Judges a kustomization as it is written."""

    RULE: Rule

    def check(self, file: KustomizationFile) -> Iterator[Fault]:
        """What is wrong; the routes are those of the file."""
        ...


class PodRule(Protocol):
    """A check of the Pod Security Standards. `SINCE` is the minor version of Kubernetes from which
    it holds; `REPLACES` is the rule of a lower level that it takes the place of, if any."""

    RULE: Rule
    SINCE: int
    REPLACES: str

    def check(self, pod: PodView, minor: int) -> Iterator[Fault]:
        """What breaks the standard as it was in Kubernetes 1.`minor`."""
        ...


def _module(folder: str, word: str) -> object:
    """The module of a word in a pack: one of its folder, or of another that the word names."""
    return import_module(f"gitops_ci.policy.{word if '.' in word else f'{folder}.{word}'}")


def object_rule(folder: str, word: str) -> ObjectRule:
    """The rule in a module of a pack's folder."""
    return cast("ObjectRule", _module(folder, word))


def set_rule(folder: str, word: str) -> SetRule:
    """The rule in a module of a pack's folder."""
    return cast("SetRule", _module(folder, word))


def estate_rule(folder: str, word: str) -> EstateRule:
    """The rule in a module of a pack's folder."""
    return cast("EstateRule", _module(folder, word))


def file_rule(folder: str, word: str) -> FileRule:
    """The rule in a module of a pack's folder."""
    return cast("FileRule", _module(folder, word))


def pod_rule(folder: str, word: str) -> PodRule:
    """The rule in a module of a pack's folder."""
    return cast("PodRule", _module(folder, word))
