"""How a build ends early."""

from __future__ import annotations

from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location


class UnsupportedError(Exception):
    """The native engine cannot vouch for the result: the reference binary has to decide.
    `feature` is a name of the feature table, `location` the field that asks for it."""

    def __init__(self, feature: str, location: Location, message: str) -> None:
        super().__init__(message)
        self.feature = feature
        self.location = location
        self.message = message


class BuildError(Exception):
    """The reference refuses this too; `finding` says why and where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class RestrictedError(BuildError):
    """A file outside the kustomization's own directory, which the load restrictor forbids."""


class SkipError(Exception):
    """Something that the build needs lies elsewhere; `skip` carries the reason."""

    def __init__(self, skip: Skip) -> None:
        super().__init__(skip.detail)
        self.skip = skip


class MismatchError(Exception):
    """A transformer meets a value of a kind that it cannot work on. The caller knows the place and
    turns it into a BuildError."""
