"""Optional values where the evaluator and the API server's differ; expressions are rewritten.

A function in Python cannot return an optional value. Ours return something empty instead, and such
a call becomes the argument of `optional.ofNonZeroValue`.

`orValue` on a field that is no optional value gives the field in the API server's evaluator and is
an error in this one: there the field stands alone.
"""

from __future__ import annotations

from gitops_ci.cel import wire
from gitops_ci.cel.library import OPTIONAL

BOUND = b"variables__"
"""How identifiers begin that stand for a bound expression of any type."""
_WRAPPER = b"optional.ofNonZeroValue"
_OVERLOAD = b"optional_ofNonZeroValue"
_ALTERNATIVES = ("orValue", "or")
_FIRST_ID = 1 << 20
"""Ids beyond those of any expression that a policy has."""


def with_optionals(serialized: bytes) -> bytes:
    """The serialized expression with such calls wrapped."""
    if not any(name.encode() in serialized for name in (*OPTIONAL, *_ALTERNATIVES)):
        return serialized
    rewriter = _Rewriter()
    return wire.with_field(serialized, wire.ANY_VALUE, rewriter.checked)


class _Rewriter:
    def __init__(self) -> None:
        self._next = _FIRST_ID

    def checked(self, data: bytes) -> bytes:
        changed = wire.with_field(data, wire.EXPRESSION, self._expression)
        references = b"".join(map(_reference, range(_FIRST_ID, self._next)))
        return changed + references

    def _expression(self, data: bytes) -> bytes:
        call = wire.one(data, wire.CALL)
        if call and _called(call) in _ALTERNATIVES and _is_field(wire.one(call, wire.TARGET)):
            return self._expression(wire.one(call, wire.TARGET))
        parts: list[wire.Field] = []
        wrap = False
        for number, kind, value in wire.fields(data):
            if isinstance(value, bytes):
                wrap = wrap or (number == wire.CALL and _is_optional(value))
                parts.append((number, kind, self._inside(number, value)))
            else:
                parts.append((number, kind, value))
        made = wire.message(*parts)
        return self._wrapped(made) if wrap else made

    def _inside(self, number: int, data: bytes) -> bytes:
        if number == wire.STRUCT:
            return wire.with_field(data, wire.ENTRIES, self._entry)
        for field in wire.NESTED.get(number, ()):
            data = wire.with_field(data, field, self._expression)
        return data

    def _entry(self, data: bytes) -> bytes:
        data = wire.with_field(data, wire.MAP_KEY, self._expression)
        return wire.with_field(data, wire.VALUE, self._expression)

    def _wrapped(self, expression: bytes) -> bytes:
        call = wire.message(
            (wire.FUNCTION, wire.LENGTH, _WRAPPER), (wire.ARGUMENTS, wire.LENGTH, expression)
        )
        made = wire.message((wire.ID, wire.VARINT, self._next), (wire.CALL, wire.LENGTH, call))
        self._next += 1
        return made


def _is_optional(call: bytes) -> bool:
    return _called(call) in OPTIONAL


def _called(call: bytes) -> str:
    return wire.one(call, wire.FUNCTION).decode("utf-8", "replace")


def _is_field(expression: bytes) -> bool:
    """Whether it is a field of an object, reached without any optional step. A name that is bound
    inside of the expression may be an optional value."""
    depth = 0
    while select := wire.one(expression, wire.SELECT):
        expression = wire.one(select, wire.OPERAND)
        depth += 1
    name = wire.one(wire.one(expression, wire.IDENT), wire.NAME)
    return bool(depth and name) and not name.startswith(BOUND)


def _reference(identity: int) -> bytes:
    reference = wire.message((3, wire.LENGTH, _OVERLOAD))
    entry = wire.message((1, wire.VARINT, identity), (2, wire.LENGTH, reference))
    return wire.message((wire.REFERENCES, wire.LENGTH, entry))
