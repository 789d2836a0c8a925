"""The versions of the external tools that the product is tested with; the image uses the same."""

from __future__ import annotations

import json
import platform
from functools import cache
from importlib.resources import files

from msgspec import Struct, field

_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class Platform(Struct, frozen=True):
    """An operating system and a machine, as Go names them."""

    os: str
    arch: str

    @property
    def key(self) -> str:
        """How pins.json names it."""
        return f"{self.os}-{self.arch}"


def this_platform() -> Platform:
    """The platform of the running process."""
    machine = platform.machine().lower()
    return Platform(platform.system().lower(), _MACHINES.get(machine, machine))


class Pin(Struct, frozen=True):
    """One pinned tool. `archive`, `member`, `go` and `ldflags` are templates over `version`, `os`
    and `arch`; `sha256` holds the digest of the release archive per platform, empty if unknown.
    With `package` it is built inside of the module `go`: one that replaces its requirements cannot
    be installed by name. `extra` tools are installed only when they are named."""

    name: str
    version: str
    archive: str
    member: str
    go: str
    ldflags: str
    sha256: dict[str, str] = field(default_factory=dict)
    package: str = ""
    extra: bool = False

    def filled(self, template: str, where: Platform) -> str:
        """`template` with its placeholders replaced."""
        return template.format(version=self.version, os=where.os, arch=where.arch)


def usual() -> list[str]:
    """The names of the tools that the product uses whatever the configuration says."""
    return sorted(name for name, pin in pins().items() if not pin.extra)


@cache
def pins() -> dict[str, Pin]:
    """Every pin by the tool's name."""
    text = files("gitops_ci.tools.data").joinpath("pins.json").read_text("utf-8")
    return {name: Pin(name, **values) for name, values in json.loads(text).items()}
