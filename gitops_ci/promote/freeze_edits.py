"""Freezes into their file and out of it again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.change import FileEdit
from gitops_ci.model.edit import RemoveFile
from gitops_ci.model.errors import UsageError
from gitops_ci.promote.entries import added, removed
from gitops_ci.promote.freeze import Freeze, read_freeze
from gitops_ci.promote.hold_edits import stamp


def with_freeze(path: str, source: SourceFile | None, freeze: Freeze) -> tuple[FileEdit, ...]:
    """The edits that announce `freeze`; none where it is announced already, or where a freeze
    without an end covers all of it. Raises UsageError."""
    known = read_freeze(path, source.data if source else None).items
    for item in known:
        same = item.environments == freeze.environments and item.until == freeze.until
        everything = not item.environments and item.until is None
        if same or everything:
            return ()
    return added(path, source, _entry(freeze))


def without_freeze(
    path: str, source: SourceFile | None, environments: Collection[str]
) -> tuple[tuple[FileEdit, ...], tuple[Freeze, ...]]:
    """The edits that lift the freezes of exactly these environments, or with none given every one;
    and the freezes that go. Raises UsageError where a freeze is about more than that."""
    if source is None:
        return (), ()
    known = read_freeze(path, source.data).items
    if not environments:
        return (RemoveFile(path, source.data),), known
    going = [n for n, item in enumerate(known) if _is_within(item, environments)]
    for number, item in enumerate(known):
        concerned = [name for name in environments if _names(item, name)]
        if number not in going and concerned:
            what = ", ".join(item.environments) or "everything"
            raise UsageError(
                f"{concerned[0]} is frozen together with more: {what}",
                f"lift all of it with `gitops-ci unfreeze`, or change {path} by hand",
            )
    if len(going) == len(known) and going:
        return (RemoveFile(path, source.data),), known
    return removed(path, source, going), tuple(known[number] for number in going)


def _is_within(freeze: Freeze, environments: Collection[str]) -> bool:
    return bool(freeze.environments) and set(freeze.environments) <= set(environments)


def _names(freeze: Freeze, environment: str) -> bool:
    return not freeze.environments or environment in freeze.environments


def _entry(freeze: Freeze) -> dict[str, Any]:
    names, until = freeze.environments, freeze.until
    entry = {
        "environment": names[0] if len(names) == 1 else list(names),
        "reason": freeze.reason,
        "by": freeze.by,
        "until": stamp(until) if until else "",
    }
    return {key: value for key, value in entry.items() if value}
