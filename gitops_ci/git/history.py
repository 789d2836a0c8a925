"""What happened to files on a branch's own line, read through git."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from gitops_ci.git.parse import Blob, shown
from gitops_ci.git.repository import Git
from gitops_ci.model.regex import regex

_MOST_PATHS = 200
_RAW = regex(rb":(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*\Z")
_ZERO = regex(r"0+\Z")


class FileStep(Struct, frozen=True):
    """One commit's effect on one file. `when` is the committer's time in seconds since 1970; an
    object id is empty where the file was not there. `mode` is git's for the file afterwards."""

    commit: str
    when: int
    path: str
    before: str
    after: str
    mode: int = 0


class GitHistory(Git):
    """A repository whose history is read. Raises as Git does."""

    def steps(self, revision: str, since: int, paths: Sequence[str]) -> tuple[FileStep, ...]:
        """What the commits on the first-parent line of `revision`, committed at `since` (seconds)
        or later, did to `paths`; the oldest first."""
        wanted = frozenset(paths)
        found = self._log(revision, paths, f"--since=@{since} +0000")
        return tuple(step for step in found if step.path in wanted)

    def line(self, revision: str, roots: Sequence[str] = ()) -> tuple[FileStep, ...]:
        """What every commit on the first-parent line of `revision` did to files below `roots`
        (directories or files; empty: everywhere), the oldest first. The first commit of the line
        brings what it holds, also where a shallow clone cuts the line off."""
        return self._log(revision, roots)

    def first_parents(self, revision: str) -> tuple[str, ...]:
        """The commits on the first-parent line of `revision`, the newest first."""
        output = self._output("rev-list", "--first-parent", self.rev_parse(revision), "--")
        return tuple(output.decode("ascii").split())

    def _log(self, revision: str, paths: Sequence[str], *options: str) -> tuple[FileStep, ...]:
        output = self._output(
            "--literal-pathspecs",
            *("-c", "log.showRoot=true", "log", *options, "--format=%x01%H %ct"),
            *("--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--no-renames", "--relative"),
            self.rev_parse(revision),
            "--",
            *(paths if len(paths) <= _MOST_PATHS else ()),
        )
        return tuple(reversed(tuple(_read(output))))

    def contents(self, oids: Sequence[str]) -> dict[str, bytes]:
        """The contents of blobs by their ids."""
        return dict(self.blobs(Blob(b"", 0, oid, 0) for oid in dict.fromkeys(oids)))


def _read(output: bytes) -> Iterator[FileStep]:
    """The records of `git log --raw -z` with a format of \\x01, id and time (git-log(1)). What
    follows the head of a change is its path, whatever it looks like."""
    commit, when = "", 0
    ids: tuple[str, str, int] | None = None
    for record in output.split(b"\0"):
        if ids is not None:
            yield FileStep(commit, when, shown(record), *ids)
            ids = None
            continue
        text = record.lstrip(b"\n")
        head = _RAW.match(text)
        if head:
            ids = (_oid(head[3]), _oid(head[4]), int(head[2], 8))
        elif text.startswith(b"\x01"):
            words = text[1:].split()
            commit, when = words[0].decode("ascii"), int(words[1])


def _oid(text: bytes) -> str:
    oid = text.decode("ascii")
    return "" if _ZERO.match(oid) else oid
