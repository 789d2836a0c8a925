"""What GitHub's runner makes of a line: its command parser, told in Python.

Follows ActionCommand.cs of actions/runner: the newer form first, then the older one. Comparison
by culture is stricter here than there: every character that shows nothing is dropped first.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

REGISTERED = frozenset(
    {
        "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group",
        "internal-set-repo-path", "notice", "remove-matcher", "save-state", "set-env",
        "set-output", "stop-commands", "warning",
    }
)  # fmt: skip
_SPACE = "".join(
    map(chr, (*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029))
)
_SPACE += "\u202f\u205f\u3000"


@dataclass
class Parsed:
    """A command as the runner understood it."""

    name: str
    data: str
    properties: dict[str, str] = field(default_factory=dict)


def parse(line: str) -> Parsed | None:
    """The command that the runner would carry out for `line`."""
    return _newer(line) or _older(line)


def commands_in(text: str, registered: frozenset[str] = REGISTERED) -> list[Parsed]:
    """Every command in `text`, with and without the characters that show nothing."""
    found = []
    for line in re.split("\r\n|\r|\n", text):
        for reading in {line, _without_nothing(line)}:
            command = parse(reading)
            if command and command.name.lower() in registered:
                found.append(command)
    return found


def _newer(line: str) -> Parsed | None:
    line = line.lstrip(_SPACE)
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, words = line[2:end].partition(" ")
    pairs = (word.split("=", 1) for word in words.strip().split(",") if word)
    properties = {pair[0]: _unescape(pair[1], ":,") for pair in pairs if len(pair) == 2}
    return Parsed(name, _unescape(line[end + 2 :], ""), properties)


def _older(line: str) -> Parsed | None:
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name, _, words = line[start + 3 : end].partition(" ")
    pairs = (word.split("=", 1) for word in words.split(";") if word)
    properties = {pair[0]: _unescape(pair[1], ";]") for pair in pairs if len(pair) == 2}
    return Parsed(name, _unescape(line[end + 1 :], ";]"), properties)


def _unescape(text: str, more: str) -> str:
    for char in f"\r\n{more}%":
        text = text.replace(f"%{ord(char):02X}", char)
    return text


def _without_nothing(line: str) -> str:
    return "".join(
        char
        for char in line
        if unicodedata.category(char) not in ("Cf", "Cc", "Cs") or char in _SPACE
    )
