"""What the configuration says to the rules."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class Settings(Struct, frozen=True):
    """`registries` are globs of image names that may be used; empty means every registry.
    `digests` are globs of environments in which images need a digest. `earlier` holds, for each
    environment of the declared graph, all those that its versions come from. `own_url` is the
    address of the repository, if it is known."""

    registries: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    earlier: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_url: str = ""
