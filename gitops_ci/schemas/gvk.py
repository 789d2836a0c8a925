"""The identity of a kind of object."""

from __future__ import annotations

from typing import NamedTuple


class Gvk(NamedTuple):
    """API group (empty for the core group), version and kind, spelled exactly."""

    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        """`group/version`, or the bare version for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def __str__(self) -> str:
        return f"{self.api_version} {self.kind}"


def gvk(api_version: str, kind: str) -> Gvk:
    """The kind that `apiVersion` and `kind` of a manifest name."""
    group, _, version = api_version.rpartition("/")
    return Gvk(group, version, kind)
