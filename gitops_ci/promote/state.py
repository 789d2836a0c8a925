"""What an app in an environment is, at one revision: everything that a promotion could change.

A state is compared by content: its `fingerprint` is the same wherever and whenever the same
versions, values and files stood at the same slots. That is how a state is found again in history,
and how a rollback is known.
"""

from __future__ import annotations

import hashlib

from msgspec import Struct

from gitops_ci.documents.values import Value
from gitops_ci.model.image import Version
from gitops_ci.promote.slots import Place, Slot
from gitops_ci.repo.sites.model import Address, Site


class Pin(Struct, frozen=True):
    """A version at a slot. `inherited` says that the place takes it from a base, which belongs to
    no environment: it counts as what runs there, and is never written."""

    slot: Slot
    version: Version
    site: Site
    inherited: bool = False

    @property
    def content(self) -> str:
        """What is compared."""
        return str(self.version)

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.site.path


class Setting(Struct, frozen=True):
    """A configured key: the scalar `value` at `at` in the file `path`; `content` is its JSON."""

    slot: Slot
    path: str
    at: Address
    value: Value
    content: str


class Copy(Struct, frozen=True):
    """A configured file: `content` is the hash of its bytes and mode."""

    slot: Slot
    path: str
    content: str
    data: bytes = b""
    executable: bool = False

    def __repr__(self) -> str:
        """Without the bytes, which may hold anything."""
        return f"Copy({self.slot!r}, {self.path!r}, {self.content!r})"


Holding = Pin | Setting | Copy
"""What stands at one slot."""


class State(Struct, frozen=True):
    """Everything of `place` that has a slot."""

    place: Place
    pins: tuple[Pin, ...] = ()
    settings: tuple[Setting, ...] = ()
    copies: tuple[Copy, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """The files that its holdings stand in, bases included."""
        return frozenset(item.path for item in self.holdings)

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """All of it: pins, settings, copies."""
        return (*self.pins, *self.settings, *self.copies)

    @property
    def contents(self) -> dict[Slot, str]:
        """What stands at each slot, in the order of the slots."""
        return {h.slot: h.content for h in sorted(self.holdings, key=lambda h: h.slot)}

    @property
    def fingerprint(self) -> str:
        """The same for the same contents: 64 hexadecimal digits."""
        parts = (
            "\0".join((slot.sort, slot.name, slot.file, slot.key, text))
            for slot, text in self.contents.items()
        )
        return hashlib.sha256("\1".join(parts).encode("utf-8", "backslashreplace")).hexdigest()

    def at(self, slot: Slot) -> Holding | None:
        """What stands at `slot`, or None."""
        return next((h for h in self.holdings if h.slot == slot), None)

    def versions(self) -> tuple[str, ...]:
        """The different versions of its pins, sorted; the short name of the state for people."""
        return tuple(sorted({pin.content for pin in self.pins if pin.content}))
