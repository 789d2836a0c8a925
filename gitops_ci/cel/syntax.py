"""A checked expression as a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum

from msgspec import Struct

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


class Node(Struct, frozen=True):
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
    data: bytes = b""
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
    return expression_of(wire.one(wire.one(serialized, wire.ANY_VALUE), wire.EXPRESSION))


def essence(serialized: bytes) -> bytes:
    """The serialized expression without what its evaluation does not need: types and places."""
    return wire.with_field(
        serialized,
        wire.ANY_VALUE,
        lambda checked: wire.only(checked, wire.REFERENCES, wire.EXPRESSION),
    )


def part_of(serialized: bytes, node: Node) -> bytes:
    """The serialized form of one expression inside of a checked one."""
    return wire.with_field(
        serialized,
        wire.ANY_VALUE,
        lambda checked: wire.with_field(checked, wire.EXPRESSION, lambda _: node.data),
    )


def expression_of(data: bytes) -> Node:
    """The tree of one expression in its binary form."""
    for number, _, value in wire.fields(data):
        read = _READERS.get(number)
        if read is not None and isinstance(value, bytes):
            return read(wire.grouped(value), data)
    return Node(Form.CONST, data=data)


Content = Mapping[int, Sequence[int | bytes]]


def _const(content: Content, data: bytes) -> Node:
    value: str | int | None = None
    for number, (found, *_) in content.items():
        if number in (_INT, _UINT) and isinstance(found, int):
            value = found - (1 << 64) if number == _INT and found >= 1 << 63 else found
        elif number == _STRING and isinstance(found, bytes):
            value = found.decode("utf-8", "replace")
    return Node(Form.CONST, value=value, data=data)


_INT, _UINT, _STRING = 3, 4, 6


def _ident(content: Content, data: bytes) -> Node:
    return Node(Form.IDENT, _text(content, wire.NAME), data=data)


def _select(content: Content, data: bytes) -> Node:
    test = any(content.get(wire.TEST_ONLY, ()))
    operand = _inner(content, wire.OPERAND)
    return Node(Form.SELECT, _text(content, wire.FIELD), operand, test=test, data=data)


def _call(content: Content, data: bytes) -> Node:
    parts = (*_inner(content, wire.TARGET), *_inner(content, wire.ARGUMENTS))
    return Node(Form.CALL, _text(content, wire.FUNCTION), parts, data=data)


def _list(content: Content, data: bytes) -> Node:
    return Node(Form.LIST, parts=_inner(content, wire.ELEMENTS), data=data)


def _struct(content: Content, data: bytes) -> Node:
    parts: list[Node] = []
    for entry in content.get(wire.ENTRIES, ()):
        if isinstance(entry, bytes):
            inside = wire.grouped(entry)
            parts += (*_inner(inside, wire.MAP_KEY), *_inner(inside, wire.VALUE))
    return Node(Form.STRUCT, parts=tuple(parts), data=data)


def _loop(content: Content, data: bytes) -> Node:
    order = (wire.ITER_RANGE, wire.ACCU_INIT, wire.CONDITION, wire.STEP, wire.RESULT)
    return Node(
        Form.LOOP,
        _text(content, wire.ITER_VAR),
        tuple(part for number in order for part in _inner(content, number)),
        data=data,
        second=_text(content, wire.ITER_VAR2),
        accumulator=_text(content, wire.ACCU_VAR),
    )


def _inner(content: Content, number: int) -> tuple[Node, ...]:
    found = content.get(number, ())
    return tuple(expression_of(data) for data in found if isinstance(data, bytes))


def _text(content: Content, number: int) -> str:
    found = content.get(number, (b"",))[-1]
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else ""


_READERS: Mapping[int, Callable[[Content, bytes], Node]] = {
    wire.CONST: _const,
    wire.IDENT: _ident,
    wire.SELECT: _select,
    wire.CALL: _call,
    wire.LIST: _list,
    wire.STRUCT: _struct,
    wire.COMPREHENSION: _loop,
}
