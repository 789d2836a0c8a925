"""From a wanted version to the edits that write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.edit import Edit
from gitops_ci.model.image import Pin, Version
from gitops_ci.model.span import Location
from gitops_ci.repo.sites.model import Site


@dataclass(frozen=True, slots=True)
class Change:
    """A version that is wanted at a site."""

    site: Site
    version: Version
    pin: Pin = Pin.KEEP


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that cannot be made safely, and why; `hint` says what helps."""

    change: Change
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FileEdits:
    """What the changes of one file come to. A change that is neither refused nor in need of an
    edit is done already."""

    edits: tuple[Edit, ...]
    refused: tuple[Refused, ...]


def plan_file(source: SourceFile, changes: Iterable[Change]) -> FileEdits:
    """The edits that make all `changes`, which belong to `source`. Values that several sites share
    through an alias move when all of them are among the changes to the same version."""
    raise NotImplementedError


def location_of(source: SourceFile, site: Site) -> Location:
    """Where the version of the site stands in its file: the reference, tag or digest, or the
    mapping that lacks it."""
    raise NotImplementedError
