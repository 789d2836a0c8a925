"""A unified diff of what edits do, in the form that `git apply` and `patch -p1` take.

The lines come from the edits themselves, so that the time is linear in the files. Format: POSIX
diff -u, and git-diff(1) for names and for lines without an end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from gitops_ci.forge.files import Changed

CONTEXT = 3
_ALIKE = 3
_FAR = 200
_NO_END = b"\\ No newline at end of file\n"
_QUOTED = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


class _Block(Struct, frozen=True):
    """Lines `start` to `end` (from 0, half open) of the old file become those of the new one."""

    start: int
    end: int
    new_start: int
    new_end: int


def unified_diff(files: Iterable[Changed]) -> bytes:
    """The diff of all files; empty when nothing differs."""
    return b"".join(line for item in files for line in _file(item))


def _file(item: Changed) -> Iterator[bytes]:
    old, new = _lines(item.before), _lines(item.after)
    before, after = _name("a/", item.path), _name("b/", item.path)
    yield b"diff --git %s %s\n" % (before, after)
    if item.before is None:
        yield b"new file mode %06o\n" % (item.mode or 0o100644)
    if item.after is None:
        yield b"deleted file mode 100644\n"
    yield b"--- %s\n" % (before if item.before is not None else b"/dev/null")
    yield b"+++ %s\n" % (after if item.after is not None else b"/dev/null")
    for hunk in _hunks(_blocks(old, new)):
        yield from _hunk(hunk, old, new)


def _blocks(old: list[bytes], new: list[bytes]) -> list[_Block]:
    """What differs: from each difference to the next place where both go on alike."""
    blocks: list[_Block] = []
    a = b = 0
    while a < len(old) or b < len(new):
        if a < len(old) and b < len(new) and old[a] == new[b]:
            a, b = a + 1, b + 1
            continue
        skip_old, skip_new = _resumption(old, new, a, b)
        if skip_old == skip_new:
            blocks += _line_by_line(old, new, a, b, skip_old)
        else:
            blocks.append(_Block(a, a + skip_old, b, b + skip_new))
        a, b = a + skip_old, b + skip_new
    return blocks


def _line_by_line(
    old: list[bytes], new: list[bytes], a: int, b: int, count: int
) -> Iterator[_Block]:
    """The runs of different lines among `count` on each side: those between them are alike."""
    start = 0
    for place in range(count + 1):
        if place == count or old[a + place] == new[b + place]:
            if place > start:
                yield _Block(a + start, a + place, b + start, b + place)
            start = place + 1


def _resumption(old: list[bytes], new: list[bytes], a: int, b: int) -> tuple[int, int]:
    """How many lines to pass over on each side until _ALIKE lines are the same, or the ends."""
    for distance in range(1, _FAR):
        for skip in range(distance + 1):
            left = old[a + skip : a + skip + _ALIKE]
            if left == new[b + distance - skip : b + distance - skip + _ALIKE] and (
                left or (a + skip >= len(old) and b + distance - skip >= len(new))
            ):
                return skip, distance - skip
    return len(old) - a, len(new) - b


def _hunks(blocks: list[_Block]) -> Iterator[list[_Block]]:
    """Blocks whose context would touch share a hunk."""
    hunk: list[_Block] = []
    for block in blocks:
        if hunk and block.start - hunk[-1].end > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def _hunk(blocks: list[_Block], old: list[bytes], new: list[bytes]) -> Iterator[bytes]:
    first, last = blocks[0], blocks[-1]
    start = max(first.start - CONTEXT, 0)
    end = min(last.end + CONTEXT, len(old))
    new_start = first.new_start - (first.start - start)
    new_end = last.new_end + (end - last.end)
    yield b"@@ -%s +%s @@\n" % (_range(start, end), _range(new_start, new_end))
    position = start
    for block in blocks:
        yield from _marked(b" ", old[position : block.start])
        yield from _marked(b"-", old[block.start : block.end])
        yield from _marked(b"+", new[block.new_start : block.new_end])
        position = block.end
    yield from _marked(b" ", old[position:end])


def _range(start: int, end: int) -> bytes:
    count = end - start
    first = start + 1 if count else start
    return b"%d" % first if count == 1 else b"%d,%d" % (first, count)


def _marked(sign: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield sign + line
        if not line.endswith(b"\n"):
            yield b"\n" + _NO_END


def _lines(data: bytes | None) -> list[bytes]:
    """The lines with their ends; only LF ends one, as for git."""
    parts = (data or b"").split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _name(side: str, path: str) -> bytes:
    name = side + path
    if any(char in _QUOTED or not char.isprintable() for char in name):
        quoted = "".join(_QUOTED.get(char) or _octal(char) for char in name)
        return f'"{quoted}"'.encode()
    return name.encode()


def _octal(char: str) -> str:
    if char.isprintable():
        return char
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "backslashreplace"))
