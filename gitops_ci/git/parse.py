"""What git prints, read back: every format here is NUL-separated or line-exact, never guessed.

Formats: git-ls-tree(1), git-diff(1) "Raw output format" and "Generating patch text",
git-cat-file(1) "Batch output".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from gitops_ci.model.regex import regex

LINK = 0o120000
SUBMODULE = 0o160000
_HUNK = regex(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = regex(rb"\\([0-7]{3}|.)")
_LETTERS = {
    b"a": b"\a",
    b"b": b"\b",
    b"t": b"\t",
    b"n": b"\n",
    b"v": b"\v",
    b"f": b"\f",
    b"r": b"\r",
}


class Blob(Struct, frozen=True):
    """One entry of a revision's tree. `size` is in bytes, 0 for submodules; `path` are the raw
    bytes of the name."""

    path: bytes
    mode: int
    oid: str
    size: int


class FileChange(Struct, frozen=True):
    """One changed path. `status` is git's letter: A, M, T, D, or U for an unmerged file. A rename
    is a D and an A."""

    path: str
    status: str


class Difference(Struct, frozen=True):
    """What differs between two states: the paths, sorted; the path that a renamed file had before
    by its new one; and of each changed text file of the new side the numbers of the lines that
    are new or changed, see `read_changed_lines`. Renames are followed for lines alone. `opaque`
    files are those of which git compares no lines: what it takes for binary, or is told to by the
    attributes that the new side brings along."""

    changes: tuple[FileChange, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, frozenset[int]] = field(default_factory=dict)
    opaque: frozenset[str] = frozenset()


def shown(path: bytes) -> str:
    """The name as text; bytes that are not UTF-8 become `\\xNN`, so that it can always be
    printed. Such a name is for people only and never opened."""
    return path.decode("utf-8", "backslashreplace")


def read_tree(output: bytes) -> Iterator[Blob]:
    """The entries of `git ls-tree -r -l -z`."""
    for record in output.split(b"\0"):
        if not record:
            continue
        head, _, path = record.partition(b"\t")
        mode, _, oid, size = head.split()
        yield Blob(path, int(mode, 8), oid.decode("ascii"), 0 if size == b"-" else int(size))


def read_batch(output: bytes) -> Iterator[tuple[str, bytes | None]]:
    """(object, content) of `git cat-file --batch`; the content of a missing object is None."""
    position = 0
    while position < len(output):
        newline = output.index(b"\n", position)
        words = output[position:newline].split()
        position = newline + 1
        if len(words) < 3:
            yield words[0].decode("ascii"), None
            continue
        size = int(words[2])
        yield words[0].decode("ascii"), output[position : position + size]
        position += size + 1


def read_changes(output: bytes) -> Iterator[FileChange]:
    """The changes of `git diff --name-status -z --no-renames`."""
    fields = output.split(b"\0")
    for status, path in zip(fields[0::2], fields[1::2], strict=False):
        yield FileChange(shown(path), status[:1].decode("ascii"))


def read_difference(output: bytes) -> Difference:
    """The output of `git diff --raw --numstat -p -z -U0 -M`: two records for each file, an empty
    field, and the patch."""
    records, _, patch = output.partition(b"\0\0")
    changes: list[FileChange] = []
    renames: dict[str, str] = {}
    opaque: set[str] = set()
    fields = iter(records.removesuffix(b"\0").split(b"\0") if records else ())
    for record in fields:
        if record.startswith(b":"):
            status, path = record[record.rindex(b" ") + 1 :][:1].decode("ascii"), next(fields)
            if status == "R":
                old, path = shown(path), next(fields)
                renames[shown(path)] = old
                changes.append(FileChange(old, "D"))
                status = "A"
            changes.append(FileChange(shown(path), status))
        else:
            added, _, path = record.split(b"\t", 2)
            if not path:
                _, path = next(fields), next(fields)
            if added == b"-":
                opaque.add(shown(path))
    changes.sort(key=lambda change: change.path)
    return Difference(tuple(changes), renames, read_changed_lines(patch), frozenset(opaque))


def read_changed_lines(patch: bytes) -> dict[str, frozenset[int]]:
    """For each file of `git diff -U0` output the line numbers (from 1) that the new side added or
    changed. A deleted or binary file is absent; a file without added lines has an empty set."""
    lines: dict[str, set[int]] = {}
    current: set[int] | None = None
    header = False
    for line in patch.split(b"\n"):
        if line.startswith(b"diff --git "):
            current, header = None, True
        elif header and line.startswith(b"+++ "):
            name = _name(line[4:])
            current = lines.setdefault(name, set()) if name is not None else None
        elif line.startswith(b"@@ "):
            header = False
            match = _HUNK.match(line)
            if match and current is not None:
                start = int(match[1])
                current.update(range(start, start + int(match[2] or b"1")))
    return {path: frozenset(numbers) for path, numbers in lines.items()}


def _name(text: bytes) -> str | None:
    """The path of a `+++` line; None for /dev/null. Git quotes odd names as C strings and ends
    names that hold a space with a tab."""
    if text == b"/dev/null":
        return None
    if text.startswith(b'"'):
        text = _ESCAPE.sub(_unescape, text[1 : text.rindex(b'"')])
    else:
        text = text.removesuffix(b"\t")
    return shown(text.removeprefix(b"b/"))


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if len(code) == 3 else _LETTERS.get(code, code)


class Committed(Struct, frozen=True):
    """A file as one commit left it: the commit, the path, the blob of its content, and the path
    that it had before if the commit renamed it."""

    commit: str
    path: str
    oid: str
    was: str = ""


def read_log(output: bytes) -> Iterator[Committed]:
    """The files of `git log -c --raw -z -M --no-abbrev --format=%x00%x00%H`: what each commit added
    or changed; a merge only what differs from all its parents."""
    commit = ""
    fields = iter(output.split(b"\0"))
    for item in fields:
        text = item.strip(b"\n")
        if not text.startswith(b":"):
            if len(text) in (40, 64):
                commit = text.decode("ascii")
            continue
        parents = len(text) - len(text.lstrip(b":"))
        words = text.lstrip(b":").split()
        mode, oid, status = words[parents], words[2 * parents + 1], words[-1]
        path, was = next(fields, b""), b""
        if parents == 1 and status[:1] in (b"R", b"C"):
            was, path = path, next(fields, b"")
        if not status.endswith(b"D") and int(mode, 8) not in (SUBMODULE, LINK, 0):
            yield Committed(commit, shown(path), oid.decode("ascii"), shown(was))


def read_left_out(output: bytes) -> Iterator[Blob]:
    """The entries of `git ls-files -t -s -z` that a sparse checkout leaves out of the work tree."""
    marked = (record for record in output.split(b"\0") if record.startswith(b"S "))
    yield from read_index(b"\0".join(record.removeprefix(b"S ") for record in marked))


def read_index(output: bytes) -> Iterator[Blob]:
    """The entries of `git ls-files -s -z`, without those in conflict; their sizes are not told."""
    for record in output.split(b"\0"):
        head, tab, path = record.partition(b"\t")
        words = head.split()
        if tab and words[2] == b"0":
            yield Blob(path, int(words[0], 8), words[1].decode("ascii"), 0)
