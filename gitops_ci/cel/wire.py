"""The binary form of a checked expression, as far as it is looked into and rewritten.

Field numbers are those of https://github.com/google/cel-spec/blob/master/proto/cel/expr
(`checked.proto`, `syntax.proto`) and https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

VARINT, LENGTH = 0, 2
_FIXED = {1: 8, 5: 4}
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
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            value, at = _varint(data, at)
            yield number, wire, value
            continue
        size, at = _varint(data, at) if wire == LENGTH else (_FIXED[wire], at)
        yield number, wire, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
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
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
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


def number_of(data: bytes, field: int) -> int:
    """The last integer field of that number, 0 when there is none."""
    found = 0
    for index, _, value in fields(data):
        if index == field and isinstance(value, int):
            found = value
    return found


def with_field(data: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    """The message with every bytes field of that number changed."""
    return message(
        *(
            (index, wire, change(value) if index == number and isinstance(value, bytes) else value)
            for index, wire, value in fields(data)
        )
    )
