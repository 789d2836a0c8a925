"""Whatever a file looks like, an edit changes its target and not one byte more, or is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from yaml import MappingNode, ScalarNode, SequenceNode, YAMLError

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edits import EditRefusedError, delete, insert, set_scalar
from gitops_ci.documents.nested import outer_edits, read_nested
from gitops_ci.documents.read import read
from gitops_ci.documents.splice import splice
from gitops_ci.model.edit import Edit
from tests.support.edit_oracle import (
    Place,
    Reading,
    assert_only,
    below,
    changed_range,
    comments,
    common_tail,
    ends_in_block,
    form_of,
    is_block,
    is_flat,
    last_of,
    places,
    reading,
    real_end,
    ways,
)
from tests.support.yaml_random import WORDS, Written, files, yaml_files

NEW = st.one_of(
    st.sampled_from(WORDS), st.text("ab1.:#-'\"\\ é🚀{,", max_size=9),
    st.booleans(), st.integers(-9, 99),
)  # fmt: skip
ADDED = st.one_of(
    NEW, st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
    st.dictionaries(st.sampled_from(["p", "q: r", "on"]), NEW, min_size=1, max_size=2),
)  # fmt: skip
FRESH = "fresh"
Outcome = tuple[Edit, ...] | None


def attempt(edit: Any, *arguments: Any, **options: Any) -> Outcome:
    try:
        made = tuple(edit(*arguments, **options))
    except EditRefusedError:
        event("refused")  # --hypothesis-show-statistics gives the shares
        return None
    event("made" if made else "nothing to do")
    return made


def judged(written: Written) -> tuple[SourceFile, Reading, list[Place]]:
    try:
        found = reading(written.data)
    except YAMLError:
        assume(False)
        raise
    known = places(found)
    assume(known)
    return read(written.path, written.data), found, known


def readers(known: list[Place], place: Place) -> set[tuple[str | int, ...]]:
    """Every route by which somebody reads what stands at `place`."""
    return {p.route for p in known if p.node is place.node and p.document == place.document}


def a_value_is_set(written: Written, data: st.DataObject) -> None:
    source, found, known = judged(written)
    scalars = [place for place in known if isinstance(place.node, ScalarNode)]
    assume(scalars)
    place = data.draw(st.sampled_from(scalars))
    value = data.draw(NEW)
    all_of_them = readers(known, place)
    told = all_of_them if data.draw(st.booleans()) else set()
    edits = attempt(set_scalar, source, place.document, place.route, value, consumers=told)
    if edits is None:
        easy = isinstance(value, str) and is_flat(place.node, found.text)
        assert not (easy and all_of_them <= told | {place.route}), "refused without need"
        return
    assert all_of_them <= told | {place.route}
    after = splice(source.data, edits)
    assert_only(found, after, {id(place.node): lambda _: form_of(value)})
    start, end, _ = changed_range(found.text, reading(after).text)
    node = place.node
    assert not edits or node.start_mark.index <= start <= end <= node.end_mark.index + 1
    own = comments(found.text[node.start_mark.index : node.end_mark.index])
    assert comments(found.text) - own <= comments(after.decode())


def an_entry_is_added(written: Written, data: st.DataObject) -> None:
    source, found, known = judged(written)
    holders = [p for p in known if isinstance(p.node, (MappingNode, SequenceNode))]
    assume(holders)
    place = data.draw(st.sampled_from(holders))
    value = data.draw(ADDED)
    step = FRESH if isinstance(place.node, MappingNode) else len(place.node.value)
    edits = attempt(insert, source, place.document, (*place.route, step), value)
    if edits is None:
        alone = ways(found, place.document, place.node) == 1
        assert not alone or ends_in_block(place.node, found.text), "refused without need"
        return
    item = form_of(value)
    entry = (form_of(FRESH), item) if step == FRESH else item
    after = splice(source.data, edits)
    assert_only(found, after, {id(place.node): lambda old: [*old, entry]})
    start, end, _ = changed_range(found.text, reading(after).text)
    assert start == end, "an insertion takes nothing away"
    earliest = len(found.text) - common_tail(found.text, reading(after).text)
    assert earliest <= line_end(found.text, real_end(place.node)), "behind what it belongs to"


def an_entry_is_removed(written: Written, data: st.DataObject) -> None:
    source, found, known = judged(written)
    place = data.draw(st.sampled_from(known))
    edits = attempt(delete, source, place.document, place.route)
    if edits is None:
        assert is_hard_to_remove(found, place), "refused without need"
        return
    after = splice(source.data, edits)
    assert_only(found, after, {id(place.parent): lambda old: without(old, place)})
    start, _, new_end = changed_range(found.text, reading(after).text)
    assert start == new_end, "a removal adds nothing"
    own = found.text[entry_start(place) : line_end(found.text, real_end(place.node))]
    if ways(found, place.document, place.node) > 1:  # an alias, which stands elsewhere
        own = found.text[place.parent.start_mark.index : place.parent.end_mark.index]
    assert comments(found.text) - comments(after.decode()) <= comments(own)


def is_hard_to_remove(found: Reading, place: Place) -> bool:
    """Whether an entry cannot go alone: it is the only one or one of a merge, others read it or
    what it holds, the block before it would take the blank lines behind it, or a comment stands
    between it and the next one, which takes its place behind the dash."""
    entries = place.parent.value
    at = own_index(place)
    if at is None or len(entries) == 1 or ways(found, place.document, place.parent) > 1:
        return True
    if any(ways(found, place.document, node) > 1 for node in below(place.node)):
        return True
    if at > 0 and keeps_blank_lines(entries[at - 1], found.text):
        return True
    head = entry_start(place)
    behind_dash = found.text[found.text.rfind("\n", 0, head) + 1 : head].strip()
    if place.parent.flow_style or at > 0 or not behind_dash:
        return False
    following = entries[1][0] if isinstance(entries[1], tuple) else entries[1]
    start, column = following.start_mark.index, following.start_mark.column
    if "#" in found.text[real_end(place.node) : start].partition("\n")[2]:
        return True
    lines = found.text[head:start].splitlines()[1:]
    return any(line.lstrip(" ")[:1] == "#" and line.find("#") <= column for line in lines)


def keeps_blank_lines(entry: Any, text: str) -> bool:
    """Whether an entry ends in a block that the blank lines behind it belong to: `|+`."""
    last = last_of(entry[1] if isinstance(entry, tuple) else entry)
    return is_block(last) and "+" in text[last.start_mark.index :].partition("\n")[0]


def own_index(place: Place) -> int | None:
    """Which entry of the parent the place is; None for one that a merge brings."""
    step = place.route[-1]
    if isinstance(step, int):
        return step
    return next((i for i, (key, _) in enumerate(place.parent.value) if key.value == step), None)


def without(old: Any, place: Place) -> Any:
    step = place.route[-1]
    if isinstance(step, int):
        return [item for at, item in enumerate(old) if at != step]
    return [(key, item) for key, item in old if key[1] != step]


def entry_start(place: Place) -> int:
    step = place.route[-1]
    if isinstance(step, int):
        return int(place.node.start_mark.index)
    return next(int(k.start_mark.index) for k, _ in place.parent.value if k.value == step)


def line_end(text: str, place: int) -> int:
    end = text.find("\n", max(place - 1, 0))
    return len(text) if end < 0 else end + 1


def a_text_inside_is_edited(written: Written, data: st.DataObject) -> None:
    source, found, known = judged(written)
    blocks = [p for p in known if getattr(p.node, "style", "") == "|" and ":" in p.node.value]
    assume(blocks)
    outer = data.draw(st.sampled_from(blocks))
    inner = read_nested(source, outer.node.value)
    try:
        inside = reading(inner.data)
    except YAMLError:
        return
    scalars = [p for p in places(inside) if isinstance(p.node, ScalarNode)]
    assume(scalars)
    place = data.draw(st.sampled_from(scalars))
    edits = attempt(set_scalar, inner, place.document, place.route, data.draw(NEW))
    made = attempt(outer_edits, source, outer.document, outer.route, edits) if edits else None
    if edits and made is None:
        assert ways(found, outer.document, outer.node) > 1, "refused without need"
    if not edits or made is None:
        return
    text = splice(inner.data, edits).decode()
    after = splice(source.data, made)
    assert_only(found, after, {id(outer.node): lambda old: (old[0], text)})
    start, end, _ = changed_range(found.text, reading(after).text)
    assert outer.node.start_mark.index < start <= end <= outer.node.end_mark.index


WAYS = {
    "set": (a_value_is_set, files()),
    "insert": (an_entry_is_added, files()),
    "delete": (an_entry_is_removed, files()),
    "inside": (a_text_inside_is_edited, yaml_files()),
}
QUIET = [HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.parametrize("way", WAYS)
def test_only_the_target_changes(way: str) -> None:
    run(way, 60)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("way", WAYS)
def test_only_the_target_changes_in_many_files(way: str) -> None:
    run(way, 3_000)


def run(way: str, count: int) -> None:
    check, strategy = WAYS[way]

    @given(strategy, st.data())
    @settings(max_examples=count, suppress_health_check=QUIET)
    def each(written: Written, data: st.DataObject) -> None:
        check(written, data)

    each()
