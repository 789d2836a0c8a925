"""Objects as text, byte for byte as `kustomize build` prints them.

The reference prints through sigs.k8s.io/yaml, whose emitter is the one of go-yaml v2: sorted keys,
lists not indented below their key, lines broken behind column 80, multi-line texts as literal
blocks. The rules here follow that emitter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import cmp_to_key, lru_cache

from gitops_ci.documents.scalars import resolve_kubernetes
from gitops_ci.model.regex import regex
from gitops_ci.render.kustomize.values import Value

_WIDTH = 80
_STEP = 2
_LONGEST_KEY = 128
_FIRST_EXPONENT = 6
"""From this power of ten on a float is written with an exponent."""
_BREAKS = "\n\r\x85\u2028\u2029"
_START = frozenset("#,[]{}&*!|>'\"%@`")
_ESCAPES = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\xa0": "_",
    "\u2028": "L",
    "\u2029": "P",
}
_SPECIAL = regex("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\U00010000-\U0010ffff]")
_LINES = regex("[\u2028\u2029]")
_SAFE = regex(r"[A-Za-z/_][A-Za-z0-9/_.-]*\Z")
_BASE60 = regex(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_DATE = regex(
    r"(\d{4}-\d{1,2}-\d{1,2})(?:[Tt](\d{1,2}:\d{1,2}:\d{1,2})(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)"
    r"| (\d{1,2}:\d{1,2}:\d{1,2})(?:\.\d+)?)?\Z"
)


def emit(values: Iterable[Value]) -> str:
    """The documents, separated by `---`."""
    return "---\n".join(emit_one(value) for value in values)


def emit_one(value: Value) -> str:
    """One document, with a line break at the end."""
    out: list[str] = []
    _block(value, 0, out)
    text = "".join(out)
    return text if text.endswith("\n") else text + "\n"


def _block(value: Value, indent: int, out: list[str]) -> None:
    """Append a whole value that starts at column `indent` of a fresh position."""
    if isinstance(value, dict) and value:
        _mapping(value, indent, out, first="")
    elif isinstance(value, list) and value:
        _sequence(value, indent, out, first="")
    else:
        out.append(_scalar(value, indent - _STEP, indent) + "\n")


def _mapping(
    value: dict[str, Value], indent: int, out: list[str], first: str | None = None
) -> None:
    """Append the entries; `first` is not None when the cursor already stands at `indent`."""
    pad = " " * indent
    for number, name in enumerate(sorted(value, key=_order)):
        out.append("" if number == 0 and first is not None else pad)
        key = _key(name)
        if len(name.encode()) > _LONGEST_KEY or "\n" in name:
            out.append(f"? {key}\n{pad}:")
            column = indent + 1
        else:
            out.append(f"{key}:")
            column = indent + len(key) + 1
        _entry(value[name], indent, column, out)


def _entry(item: Value, indent: int, column: int, out: list[str]) -> None:
    """Append the value behind a key; lists are not indented below it."""
    if isinstance(item, dict) and item:
        out.append("\n")
        _mapping(item, indent + _STEP, out)
    elif isinstance(item, list) and item:
        out.append("\n")
        _sequence(item, indent, out)
    else:
        text = _scalar(item, indent, column + 1)
        out.append(f" {text}\n" if text else "\n")


def _sequence(value: list[Value], indent: int, out: list[str], first: str | None = None) -> None:
    pad = " " * indent
    for number, item in enumerate(value):
        out.append("" if number == 0 and first is not None else pad)
        if isinstance(item, dict) and item:
            out.append("- ")
            _mapping(item, indent + _STEP, out, first="")
        elif isinstance(item, list) and item:
            out.append("- ")
            _sequence(item, indent + _STEP, out, first="")
        else:
            text = _scalar(item, indent, indent + 2)
            out.append(f"- {text}\n" if text else "-\n")


def _scalar(value: Value, indent: int, column: int) -> str:
    """The text of a scalar that starts at `column`; further lines are indented by two more than
    `indent`. A literal block comes without its last line break."""
    if isinstance(value, str):
        if len(value) < 60 and _SAFE.match(value) and not isinstance(_resolved(value), _Odd):
            return value
        return _string(value, indent + _STEP, column)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    return "{}" if isinstance(value, dict) else "[]"


def _key(name: str) -> str:
    if not name:
        return '""'
    style = "double" if "\n" in name else _style(name)
    if style == "literal":
        style = "double"
    return _written(name, style, 0, 0, wrap=False)


def _string(text: str, indent: int, column: int) -> str:
    return _written(text, _style(text), indent, column, wrap=True)


class _Odd:
    """Marks a text that would not be read back as a string without quotes."""


@lru_cache(maxsize=50_000)
def _resolved(text: str) -> str | _Odd:
    if not isinstance(resolve_kubernetes(text), str) or _BASE60.match(text):
        return _Odd()
    return _Odd() if _is_timestamp(text) else text


def _is_timestamp(text: str) -> bool:
    match = _DATE.match(text)
    if match is None:
        return False
    try:
        datetime.strptime(match[1], "%Y-%m-%d")
        clock = match[2] or match[3]
        if clock:
            datetime.strptime(clock, "%H:%M:%S")
    except ValueError:
        return False
    return True


def _style(text: str) -> str:
    """plain, single, double or literal."""
    if not text:
        return "double"
    special = _SPECIAL.search(text) is not None or _has_space_break(text)
    if "\n" in text:
        return "double" if special or text[-1] == " " else "literal"
    if isinstance(_resolved(text), _Odd) or special:
        return "double"
    if _break_space(text):
        return "double"
    if _needs_quotes(text):
        return "single"
    return "plain"


def _has_space_break(text: str) -> bool:
    return any(f" {line_break}" in text for line_break in _BREAKS)


def _break_space(text: str) -> bool:
    return any(f"{line_break} " in text for line_break in _BREAKS)


def _needs_quotes(text: str) -> bool:
    first = text[0]
    if first in _START or first == " " or text[-1] == " " or text.startswith(("---", "...")):
        return True
    if first in "?:-" and (len(text) == 1 or text[1] in " \t"):
        return True
    if any(line_break in text for line_break in _BREAKS):
        return True
    return ": " in text or text[-1] == ":" or " #" in text or ":\t" in text


def _written(text: str, style: str, indent: int, column: int, *, wrap: bool) -> str:
    if style == "literal":
        return _literal(text, indent)
    if style == "double":
        return _double(text, indent, column, wrap=wrap)
    if style == "single":
        body = text.replace("'", "''")
        if not wrap or (column + len(body) <= _WIDTH and not _LINES.search(body)):
            return f"'{body}'"
        return _fold(text, indent, column, quoted=True)
    if not wrap or column + len(text) <= _WIDTH:
        return text
    return _fold(text, indent, column, quoted=False)


def _fold(text: str, indent: int, column: int, *, quoted: bool) -> str:
    """A plain or single-quoted text, broken at single spaces behind the width."""
    out = ["'"] if quoted else []
    column += quoted
    size = len(text)
    spaces = False
    for index, character in enumerate(text):
        if character == " ":
            last = index >= size - 1
            may = not spaces and column > _WIDTH and (not quoted or (index > 0 and not last))
            if may and not last and text[index + 1] != " ":
                out.append("\n" + " " * indent)
                column = indent
            else:
                out.append(" ")
                column += 1
            spaces = True
            continue
        spaces = False
        if index and text[index - 1] in _BREAKS:
            out.append(" " * indent)
            column = indent
        written = "''" if quoted and character == "'" else character
        out.append(written)
        column += len(written)
    if quoted:
        out.append("'")
    return "".join(out)


def _double(text: str, indent: int, column: int, *, wrap: bool) -> str:
    out = ['"']
    column += 1
    if text.startswith("\ufeff"):  # the emitter then takes every character for a byte order mark
        return '"' + "".join(_code(character) for character in text) + '"'
    size = len(text)
    spaces = False
    for index, character in enumerate(text):
        if character == " ":
            if wrap and not spaces and column > _WIDTH and 0 < index < size - 1:
                out.append("\n" + " " * indent)
                column = indent
                if text[index + 1] == " ":
                    out.append("\\")
                    column += 1
            else:
                out.append(" ")
                column += 1
            spaces = True
            continue
        spaces = False
        written = _escaped(character)
        out.append(written)
        column += len(written)
    out.append('"')
    return "".join(out)


def _escaped(character: str) -> str:
    if character in _ESCAPES and (character in '"\\' or character in _BREAKS):
        return "\\" + _ESCAPES[character]
    return _code(character) if _SPECIAL.match(character) else character


def _code(character: str) -> str:
    if character in _ESCAPES:
        return "\\" + _ESCAPES[character]
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _literal(text: str, indent: int) -> str:
    """A literal block without the last line break."""
    hint = str(_STEP) if text[0] in " " + _BREAKS else ""
    if text[-1] not in _BREAKS:
        chomp = "-"
    elif len(text) == 1 or text[-2] in _BREAKS:
        chomp = "+"
    else:
        chomp = ""
    pad = " " * indent
    body = text.removesuffix("\n")
    lines = [pad + line if line else "" for line in body.split("\n")]
    return f"|{hint}{chomp}\n" + "\n".join(lines)


def _float(value: float) -> str:
    """The shortest text, as Go's %g writes it."""
    if value != value or value in (float("inf"), float("-inf")):
        return ".nan" if value != value else ".inf" if value > 0 else "-.inf"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    point = len(digits) + exponent - 1
    text = "".join(map(str, digits))
    mark = "-" if sign else ""
    if -4 <= point < _FIRST_EXPONENT:
        return mark + format(Decimal(text).scaleb(exponent), "f")
    tail = f".{text[1:]}" if len(text) > 1 else ""
    return f"{mark}{text[0]}{tail}e{'-' if point < 0 else '+'}{abs(point):02d}"


def _compare(a: str, b: str) -> int:
    """Keys in the order of go-yaml: letters last, numbers by value."""
    for index, (x, y) in enumerate(zip(a, b, strict=False)):
        if x == y:
            continue
        if x.isalpha() and y.isalpha():
            return -1 if x < y else 1
        if x.isalpha() or y.isalpha():
            return -1 if y.isalpha() else 1
        return _compare_numbers(a, b, index)
    return len(a) - len(b)


def _compare_numbers(a: str, b: str, index: int) -> int:
    start_a = start_b = 0
    if a[index] == "0" or b[index] == "0":
        back = index - 1
        while back >= 0 and a[back].isdecimal():
            if a[back] != "0":
                start_a = start_b = 1
                break
            back -= 1
    number_a, end_a = _number(a, index, start_a)
    number_b, end_b = _number(b, index, start_b)
    if number_a != number_b:
        return -1 if number_a < number_b else 1
    if end_a != end_b:
        return end_a - end_b
    return -1 if a[index] < b[index] else 1


def _number(text: str, index: int, number: int) -> tuple[int, int]:
    while index < len(text) and text[index].isdecimal():
        number = number * 10 + int(text[index])
        index += 1
    return number, index


_order = cmp_to_key(_compare)
