"""Holds into their file and out of it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from gitops_ci.config.durations import DurationError, parse_duration
from gitops_ci.config.globs import name_matches
from gitops_ci.config.kinds import HOLD_WORDS, KindError, check
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import splice
from gitops_ci.model.change import FileEdit
from gitops_ci.model.edit import Edit, NewFile
from gitops_ci.model.errors import UsageError
from gitops_ci.promote.entries import added, removed
from gitops_ci.promote.holds import PATH, Hold, read_holds, spelled


def with_holds(source: SourceFile | None, holds: Iterable[Hold]) -> tuple[FileEdit, ...]:
    """The edits that write `holds`, but for those that stand there already. Raises UsageError."""
    standing = {_key(hold) for hold in read_holds(source).items}
    new = [hold for hold in holds if _key(hold) not in standing]
    if not new:
        return ()
    if len(new) == 1:
        return added(PATH, source, _entry(new[0]))
    return _several(source, new)


def without_holds(
    source: SourceFile | None, environments: Collection[str], apps: Collection[str]
) -> tuple[tuple[FileEdit, ...], tuple[Hold, ...], tuple[Hold, ...]]:
    """The edits that lift what is held in exactly these environments and of these apps (of all
    when empty); the holds that go, and those that still cover some of it, because they are about
    more. Raises UsageError."""
    if source is None:
        return (), (), ()
    going, staying = [], []
    for number, hold in enumerate(read_holds(source).items):
        exact = hold.environment in environments and (not apps or hold.app in apps)
        if exact:
            going.append((number, hold))
        elif _covers(hold, environments, apps):
            staying.append(hold)
    edits = removed(PATH, source, [number for number, _ in going])
    return edits, tuple(hold for _, hold in going), tuple(staying)


def end_of(text: str, now: datetime) -> tuple[str, datetime | None]:
    """What `--until` says: a word, a moment, or a duration from `now` on. Raises UsageError."""
    if text in HOLD_WORDS[:2]:
        return text, None
    return "", moment_of(text, now, "until-newer, manual, ")


def moment_of(text: str, now: datetime, also: str = "") -> datetime:
    """A moment, or a duration from `now` on, to the second. Raises UsageError."""
    try:
        until = now + timedelta(seconds=parse_duration(text))
        return until.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise UsageError(f"--until {text} is too far away") from None
    except DurationError:
        pass
    try:
        moment: datetime = check("moment", text)
    except KindError as error:
        hint = f"{also}a duration such as 48h, a day or a time such as 2027-03-01T08:00:00Z"
        raise UsageError(f"--until: {error.message}", hint) from None
    return moment


def stamp(moment: datetime) -> str:
    """The moment as it is written."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _several(source: SourceFile | None, holds: list[Hold]) -> tuple[FileEdit, ...]:
    """All of them as one edit of the whole file: each one is put behind the one before."""
    now = source
    for hold in holds:
        edits = added(PATH, now, _entry(hold))
        data = edits[0].data if isinstance(edits[0], NewFile) else b""
        if isinstance(edits[0], Edit) and now is not None:
            data = splice(now.data, [edit for edit in edits if isinstance(edit, Edit)])
        now = read(PATH, data)
    assert now is not None
    return (NewFile(PATH, now.data, expect=source.data if source else None),)


def _covers(hold: Hold, environments: Collection[str], apps: Collection[str]) -> bool:
    there = any(name_matches(hold.environment, name) for name in environments)
    return there and (not apps or any(name_matches(hold.app, app) for app in apps))


def _key(hold: Hold) -> tuple[Any, ...]:
    return (hold.environment, hold.app, hold.versions, hold.mode, hold.until)


def _entry(hold: Hold) -> dict[str, Any]:
    versions = [spelled(version) for version in hold.versions]
    entry = {
        "environment": hold.environment,
        "app": hold.app,
        "version": versions[0] if len(versions) == 1 else versions,
        "reason": hold.reason,
        "by": hold.by,
        "until": hold.mode or (stamp(hold.until) if hold.until else ""),
    }
    return {key: value for key, value in entry.items() if value}
