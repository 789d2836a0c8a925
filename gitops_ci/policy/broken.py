"""Policies that cannot be loaded, whoever judges by them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class PolicyFault(Struct, frozen=True):
    """What is wrong with a policy: its file, the line (from 1, 0 when nobody knows), the words."""

    path: str
    line: int
    message: str


class BrokenPolicyError(Exception):
    """Policies that cannot be loaded; `faults` are never empty."""

    def __init__(self, faults: Sequence[PolicyFault]) -> None:
        super().__init__(faults[0].message)
        self.faults = tuple(faults)
