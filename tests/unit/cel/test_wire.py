"""The binary form of expressions: read, kept, and rewritten byte for byte."""

from __future__ import annotations

import pytest

from gitops_ci.cel import wire
from gitops_ci.cel.engine import Environment, program, scope
from gitops_ci.cel.syntax import Form, part_of, tree_of

TEXTS = [
    "1",
    "object.a.b == 'x' && has(object.c)",
    "object.list.all(x, x.y in [1, 2, -3]) || object.?z.orValue({'k': 5u}).k > 4.5",
    "{'a': [1], 'b': []}.transformMap(k, v, size(v)).size() == 2",
    "cel.bind(long, '" + "x" * 300 + "', long == object.a)",
    "b'bytes' == b'' ? timestamp('2020-01-01T00:00:00Z') : timestamp(0)",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_read_and_written_is_the_same(text: str) -> None:
    data = Environment({"object": "dyn"}).compile(text).serialized
    checked = wire.one(data, wire.ANY_VALUE)
    expression = wire.one(checked, wire.EXPRESSION)
    for message in (data, checked, expression):
        assert wire.message(*wire.fields(message)) == message
    assert wire.with_field(checked, wire.EXPRESSION, lambda inner: inner) is checked
    assert (
        wire.with_field(checked, wire.EXPRESSION, lambda inner: bytes(bytearray(inner))) == checked
    )
    assert wire.with_field(checked, 99, lambda _: b"") is checked
    kept = wire.only(checked, wire.EXPRESSION)
    assert [number for number, _, _ in wire.fields(kept)] == [wire.EXPRESSION]


def test_a_part_is_an_expression_of_its_own() -> None:
    whole = Environment({"object": "dyn"}).compile("[1, 2, object.a].exists(x, x == 3)")
    tree = tree_of(whole.serialized)
    assert (tree.form, tree.name) == (Form.LOOP, "x")
    part = program(part_of(whole.serialized, tree.range))
    assert part(scope({"object": {"a": 3}})) == [1, 2, 3]
    assert tree.predicate is not None
    held = program(part_of(whole.serialized, tree.predicate))
    assert [held(scope({"x": number})) for number in (2, 3)] == [False, True]


def test_the_tree_says_what_is_in_it() -> None:
    tree = Environment({"a": "dyn"}).compile("a.b.size() > -7 && !has(a.c)").tree
    assert set(tree.names()) == {"a"}
    names = [node.name for node in tree.walk() if node.form is Form.CALL]
    assert names == ["_&&_", "_>_", "size", "!_"]
    assert [node.value for node in tree.walk() if node.form is Form.CONST] == [-7]
    assert [node.test for node in tree.walk() if node.form is Form.SELECT] == [False, True]
