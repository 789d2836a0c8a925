"""What happened to files on a branch's own line, read through git."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gitops_ci.git.parse import Blob, shown
from gitops_ci.git.repository import Git

_MOST_PATHS = 200
_RAW = re.compile(rb":(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*\Z")
_ZERO = re.compile(r"0+\Z")


@dataclass(frozen=True, slots=True)
class FileStep:
    """One commit's effect on one file. `when` is the committer's time in seconds since 1970; an
    object id is empty where the file was not there."""

    commit: str
    when: int
    path: str
    before: str
    after: str


class GitHistory(Git):
    """A repository whose history is read. Raises as Git does."""

    def steps(self, revision: str, since: int, paths: Sequence[str]) -> tuple[FileStep, ...]:
        """What the commits on the first-parent line of `revision`, committed at `since` (seconds)
        or later, did to `paths`; the oldest first."""
        oid = self.rev_parse(revision)
        words = ("--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--no-renames", "--relative")
        output = self._output(
            "--literal-pathspecs",
            "log",
            f"--since=@{since} +0000",
            "--format=%x01%H %ct",
            *words,
            oid,
            "--",
            *(paths if len(paths) <= _MOST_PATHS else ()),
        )
        wanted = frozenset(paths)
        found = [step for step in _read(output) if step.path in wanted]
        return tuple(reversed(found))

    def contents(self, oids: Sequence[str]) -> dict[str, bytes]:
        """The contents of blobs by their ids."""
        return dict(self.blobs(Blob(b"", 0, oid, 0) for oid in dict.fromkeys(oids)))


def _read(output: bytes) -> Iterator[FileStep]:
    """The records of `git log --raw -z` with a format of \\x01, id and time (git-log(1)). What
    follows the head of a change is its path, whatever it looks like."""
    commit, when = "", 0
    ids: tuple[str, str] | None = None
    for record in output.split(b"\0"):
        if ids is not None:
            yield FileStep(commit, when, shown(record), *ids)
            ids = None
            continue
        text = record.lstrip(b"\n")
        head = _RAW.match(text)
        if head:
            ids = (_oid(head[3]), _oid(head[4]))
        elif text.startswith(b"\x01"):
            words = text[1:].split()
            commit, when = words[0].decode("ascii"), int(words[1])


def _oid(text: bytes) -> str:
    oid = text.decode("ascii")
    return "" if _ZERO.match(oid) else oid
