"""A checked expression as a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from gitops_ci.cel import wire


class Form(Enum):
    """The forms of an expression."""

    CONST = wire.CONST
    IDENT = wire.IDENT
    SELECT = wire.SELECT
    CALL = wire.CALL
    LIST = wire.LIST
    STRUCT = wire.STRUCT
    LOOP = wire.COMPREHENSION


@dataclass(frozen=True, slots=True)
class Node:
    """One expression. `name` is the identifier, the selected field, the called function or the
    first variable of a loop; `parts` are the expressions inside: a call's receiver comes first.

    `value` is that of a constant text or number; `test` says that a select only asks whether the
    field is there; `data` is the binary form, `second` a loop's second variable.
    """

    form: Form
    name: str = ""
    parts: tuple[Node, ...] = ()
    value: str | int | None = None
    test: bool = False
    data: bytes = field(default=b"", repr=False)
    second: str = ""
    accumulator: str = ""

    def walk(self) -> Iterator[Node]:
        """This expression and all inside of it."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.parts))

    def names(self) -> Iterator[str]:
        """The identifiers in it, those that macros bind included."""
        return (node.name for node in self.walk() if node.form is Form.IDENT)

    @property
    def range(self) -> Node:
        """What a loop goes over."""
        return self.parts[0]

    @property
    def start(self) -> Node:
        """The first value of a loop's accumulator."""
        return self.parts[1]

    @property
    def step(self) -> Node:
        """What a loop makes of its accumulator in each round."""
        return self.parts[3]

    @property
    def result(self) -> Node:
        """What a loop gives."""
        return self.parts[4]

    @property
    def is_binding(self) -> bool:
        """Whether a loop is the `cel.bind` macro: it goes over nothing, the value is bound."""
        return self.form is Form.LOOP and self.range.form is Form.LIST and not self.range.parts

    @property
    def predicate(self) -> Node | None:
        """What `all` or `exists` asks of each item; None for other loops."""
        step = self.step
        asks = step.form is Form.CALL and step.name in ("_&&_", "_||_")
        return step.parts[1] if asks and self._is_accumulator(step.parts[0]) else None

    @property
    def collected(self) -> tuple[Node | None, Node | None]:
        """What `filter` and `map` demand of an item, and what they keep of it."""
        step, kept = self.step, None
        if step.form is Form.CALL and step.name == "_?_:_":
            kept, step = step.parts[0], step.parts[1]
        if step.form is not Form.CALL or step.name != "_+_":
            return None, None
        added = step.parts[1]
        one = added.form is Form.LIST and len(added.parts) == 1
        return (
            (kept, added.parts[0]) if one and self._is_accumulator(step.parts[0]) else (None, None)
        )

    def _is_accumulator(self, node: Node) -> bool:
        return node.form is Form.IDENT and node.name == self.accumulator


def tree_of(serialized: bytes) -> Node:
    """The tree of a serialized checked expression."""
    return _expression(wire.one(wire.one(serialized, wire.ANY_VALUE), wire.EXPRESSION))


def part_of(serialized: bytes, node: Node) -> bytes:
    """The serialized form of one expression inside of a checked one."""
    return wire.with_field(
        serialized,
        wire.ANY_VALUE,
        lambda checked: wire.with_field(checked, wire.EXPRESSION, lambda _: node.data),
    )


def _expression(data: bytes) -> Node:
    for number, _, value in wire.fields(data):
        read = _READERS.get(number)
        if read is not None and isinstance(value, bytes):
            return read(value, data)
    return Node(Form.CONST, data=data)


def _const(content: bytes, data: bytes) -> Node:
    value: str | int | None = None
    for number, _, found in wire.fields(content):
        if number in (_INT, _UINT) and isinstance(found, int):
            value = found - (1 << 64) if number == _INT and found >= 1 << 63 else found
        elif number == _STRING and isinstance(found, bytes):
            value = found.decode("utf-8", "replace")
    return Node(Form.CONST, value=value, data=data)


_INT, _UINT, _STRING = 3, 4, 6


def _ident(content: bytes, data: bytes) -> Node:
    return Node(Form.IDENT, _text(content, wire.NAME), data=data)


def _select(content: bytes, data: bytes) -> Node:
    operand = _expression(wire.one(content, wire.OPERAND))
    test = bool(wire.number_of(content, wire.TEST_ONLY))
    return Node(Form.SELECT, _text(content, wire.FIELD), (operand,), test=test, data=data)


def _call(content: bytes, data: bytes) -> Node:
    parts = [
        _expression(value)
        for number, _, value in wire.fields(content)
        if number in wire.NESTED[wire.CALL] and isinstance(value, bytes)
    ]
    return Node(Form.CALL, _text(content, wire.FUNCTION), tuple(parts), data=data)


def _list(content: bytes, data: bytes) -> Node:
    parts = tuple(
        _expression(value)
        for number, _, value in wire.fields(content)
        if number == wire.ELEMENTS and isinstance(value, bytes)
    )
    return Node(Form.LIST, parts=parts, data=data)


def _struct(content: bytes, data: bytes) -> Node:
    parts = []
    for number, _, entry in wire.fields(content):
        if number == wire.ENTRIES and isinstance(entry, bytes):
            parts += [
                _expression(value)
                for inner, _, value in wire.fields(entry)
                if inner in (wire.MAP_KEY, wire.VALUE) and isinstance(value, bytes)
            ]
    return Node(Form.STRUCT, parts=tuple(parts), data=data)


def _loop(content: bytes, data: bytes) -> Node:
    order = (wire.ITER_RANGE, wire.ACCU_INIT, wire.CONDITION, wire.STEP, wire.RESULT)
    return Node(
        Form.LOOP,
        _text(content, wire.ITER_VAR),
        tuple(_expression(wire.one(content, number)) for number in order),
        data=data,
        second=_text(content, wire.ITER_VAR2),
        accumulator=_text(content, wire.ACCU_VAR),
    )


def _text(data: bytes, number: int) -> str:
    return wire.one(data, number).decode("utf-8", "replace")


_READERS: Mapping[int, Callable[[bytes, bytes], Node]] = {
    wire.CONST: _const,
    wire.IDENT: _ident,
    wire.SELECT: _select,
    wire.CALL: _call,
    wire.LIST: _list,
    wire.STRUCT: _struct,
    wire.COMPREHENSION: _loop,
}
