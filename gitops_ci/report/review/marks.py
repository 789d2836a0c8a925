"""Marks in what we write, by which it is found again.

A mark alone proves nothing: anybody can write one. What counts is a mark in a text of our own.
"""

from __future__ import annotations

import re

from msgspec import Struct

from gitops_ci.model.regex import regex

_STICKY = regex(r"<!-- gitops-ci:report name=([\w.,/-]*) run=(\d+)\.(\d+) head=([0-9a-f]*) -->")
_REMARK = regex(r"<!-- gitops-ci:remark ([0-9a-f]{1,128}) -->")
_UNSAFE = regex(r"[^\w.,/-]+|-{2,}", re.ASCII)


class Run(Struct, frozen=True, order=True):
    """One run of a workflow: a later one has the larger number, a repeated one the next attempt."""

    number: int = 0
    attempt: int = 0


class Sticky(Struct, frozen=True):
    """The mark of a summary comment: which report it is, by which run, of which head."""

    name: str
    run: Run
    head: str

    @property
    def family(self) -> str:
        """What every comment of this report begins with, whatever run wrote it."""
        return f"<!-- gitops-ci:report name={_name(self.name)} "

    def __str__(self) -> str:
        return f"{self.family}run={self.run.number}.{self.run.attempt} head={self.head} -->"


def sticky_in(body: str) -> Sticky | None:
    """The mark of a summary comment, which is its first line."""
    match = _STICKY.match(body)
    if match is None:
        return None
    return Sticky(match[1], Run(int(match[2]), int(match[3])), match[4])


def remark_mark(identity: str) -> str:
    """The mark of a remark on a finding, by the finding's own id."""
    return f"<!-- gitops-ci:remark {identity} -->"


def remark_in(body: str) -> str:
    """The id of the finding that a remark is about; empty for any other text."""
    match = _REMARK.search(body)
    return match[1] if match else ""


def _name(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-")
