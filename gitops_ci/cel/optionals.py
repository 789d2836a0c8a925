"""Optional values where the evaluator and the API server's differ; expressions are rewritten.

A function in Python cannot return an optional value. Ours return something empty instead, and such
a call becomes the argument of `optional.ofNonZeroValue`.

`orValue` on a field that is no optional value gives the field in the API server's evaluator and is
an error in this one: there the field stands alone.
"""

from __future__ import annotations

from functools import partial

from gitops_ci.cel import wire
from gitops_ci.cel.library import OPTIONAL
from gitops_ci.cel.syntax import Form, Node, expression_of

BOUND = "variables__"
"""How identifiers begin that stand for a bound expression of any type."""
_WRAPPER = b"optional.ofNonZeroValue"
_OVERLOAD = b"optional_ofNonZeroValue"
_ALTERNATIVES = ("orValue", "or")
_INNER = (*wire.NESTED, wire.STRUCT)
"""The kinds of expression that hold others."""
_FIRST_ID = 1 << 20
"""Ids beyond those of any expression that a policy has."""


def with_optionals(serialized: bytes, tree: Node) -> bytes:
    """The serialized expression, whose tree is given, with such calls rewritten."""
    if not any(map(_differs, tree.walk())):
        return serialized
    return wire.with_field(serialized, wire.ANY_VALUE, _Rewriter().checked)


def _differs(node: Node) -> bool:
    return node.name in OPTIONAL or _is_plain(node)


def _is_plain(node: Node) -> bool:
    """Whether it is an alternative to a field of an object that is reached without any optional
    step. A name that is bound inside of the expression may be an optional value."""
    if node.form is not Form.CALL or node.name not in _ALTERNATIVES or not node.parts:
        return False
    owner = field = node.parts[0]
    while owner.form is Form.SELECT and owner.parts:
        owner = owner.parts[0]
    is_known = owner.form is Form.IDENT and not owner.name.startswith(BOUND)
    return owner is not field and is_known


class _Rewriter:
    def __init__(self) -> None:
        self._next = _FIRST_ID

    def checked(self, data: bytes) -> bytes:
        changed = wire.with_field(data, wire.EXPRESSION, self._expression)
        references = b"".join(map(_reference, range(_FIRST_ID, self._next)))
        return changed + references

    def _expression(self, data: bytes) -> bytes:
        call = wire.one(data, wire.CALL)
        name = wire.one(call, wire.FUNCTION).decode("utf-8", "replace")
        if name in _ALTERNATIVES and _is_plain(expression_of(data)):
            return self._expression(wire.one(call, wire.TARGET))
        made = data
        for number in _INNER:
            made = wire.with_field(made, number, partial(self._inside, number))
        return self._wrapped(made) if name in OPTIONAL else made

    def _inside(self, number: int, data: bytes) -> bytes:
        """A kind of expression with what is inside of it rewritten."""
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


def _reference(identity: int) -> bytes:
    reference = wire.message((3, wire.LENGTH, _OVERLOAD))
    entry = wire.message((1, wire.VARINT, identity), (2, wire.LENGTH, reference))
    return wire.message((wire.REFERENCES, wire.LENGTH, entry))
