"""The binary form of a checked expression, as far as it is looked into and rewritten.

Field numbers are those of https://github.com/google/cel-spec/blob/master/proto/cel/expr
(`checked.proto`, `syntax.proto`) and https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

VARINT, LENGTH = 0, 2
_FIXED = {1: 8, 5: 4}
_SEVEN_BITS = 0x7F
_SIZED = frozenset({VARINT, LENGTH})
Field = tuple[int, int, int | bytes]
"""Number, wire type and value: an integer for VARINT, bytes for everything else."""

ANY_VALUE = 2
REFERENCES, TYPES, EXPRESSION, SOURCE = 2, 3, 4, 5
ID, CONST, IDENT, SELECT, CALL, LIST, STRUCT, COMPREHENSION = 2, 3, 4, 5, 6, 7, 8, 9
NAME = 1
OPERAND, FIELD, TEST_ONLY = 1, 2, 3
TARGET, FUNCTION, ARGUMENTS = 1, 2, 3
ELEMENTS = 1
ENTRIES, MAP_KEY, VALUE = 2, 3, 4
ITER_VAR, ITER_RANGE, ACCU_VAR, ACCU_INIT, CONDITION, STEP, RESULT, ITER_VAR2 = range(1, 9)
NESTED = {
    SELECT: frozenset({OPERAND}),
    CALL: frozenset({TARGET, ARGUMENTS}),
    LIST: frozenset({ELEMENTS}),
    COMPREHENSION: frozenset({ITER_RANGE, ACCU_INIT, CONDITION, STEP, RESULT}),
}
"""Which fields of a kind of expression are expressions themselves; a struct has entries."""


def fields(data: bytes) -> Iterator[Field]:
    """The fields of a message in their order."""
    for number, wire, value, _, _ in _placed(data):
        yield number, wire, value


def grouped(data: bytes) -> dict[int, list[int | bytes]]:
    """The values of a message by field number, each list in order."""
    found: dict[int, list[int | bytes]] = {}
    for number, _, value, _, _ in _placed(data):
        found.setdefault(number, []).append(value)
    return found


def _placed(data: bytes) -> Iterator[tuple[int, int, int | bytes, int, int]]:
    """The fields with the places where each begins and ends."""
    at, length = 0, len(data)
    while at < length:
        start = at
        tag = data[at]
        at += 1
        if tag > _SEVEN_BITS:
            tag, at = _varint(data, start)
        wire = tag & 7
        if wire in _SIZED:
            size = data[at]
            at += 1
            if size > _SEVEN_BITS:
                size, at = _varint(data, at - 1)
            if wire == VARINT:
                yield tag >> 3, wire, size, start, at
                continue
        else:
            size = _FIXED[wire]
        end = at + size
        yield tag >> 3, wire, data[at:end], start, end
        at = end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & _SEVEN_BITS) << shift
        shift += 7
        if byte <= _SEVEN_BITS:
            return value, at


def message(*parts: Field) -> bytes:
    """The message with the fields."""
    made = bytearray()
    for number, wire, value in parts:
        made += _encoded(number << 3 | wire)
        if isinstance(value, int):
            made += _encoded(value)
        else:
            made += _encoded(len(value)) if wire == LENGTH else b""
            made += value
    return bytes(made)


def _encoded(value: int) -> bytes:
    made = bytearray()
    while value > _SEVEN_BITS:
        made.append(value & _SEVEN_BITS | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def one(data: bytes, number: int) -> bytes:
    """The last bytes field of that number, empty when there is none."""
    found = b""
    for index, _, value in fields(data):
        if index == number and isinstance(value, bytes):
            found = value
    return found


def with_field(data: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    """The message with every bytes field of that number changed; all else stays byte for byte."""
    made, kept = [], 0
    for index, wire, value, start, end in _placed(data):
        if index != number or not isinstance(value, bytes):
            continue
        changed = change(value)
        if changed is not value:
            made += [data[kept:start], message((index, wire, changed))]
            kept = end
    return b"".join((*made, data[kept:])) if kept else data


def only(data: bytes, *numbers: int) -> bytes:
    """The message with the fields of these numbers alone."""
    return b"".join(
        data[start:end] for number, _, _, start, end in _placed(data) if number in numbers
    )
