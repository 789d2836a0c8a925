"""What the configuration says to the rules."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """`registries` are globs of image names that may be used; empty means every registry."""

    registries: tuple[str, ...] = ()
