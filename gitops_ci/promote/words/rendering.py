"""What a proposal does to the rendered objects, environment by environment, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.output.markdown_text import code, prose

NONE = "nothing"
"""What stands for the value on the side that has none."""
_MOST = 20
_CELL = 120
_VALUE = 120
_LONG_DIGEST = regex(r"(sha\d{3}:[0-9a-f]{12})[0-9a-f]+")


class Value(Struct, frozen=True):
    """One value of an object that differs, as text on both sides."""

    path: str
    before: str
    after: str


class Thing(Struct, frozen=True):
    """One object that differs, and what `became` of it: added, changed, removed. Some of the values
    that changed; `more` of them are not named."""

    name: str
    became: str
    values: tuple[Value, ...] = ()
    more: int = 0


class Environment(Struct, frozen=True):
    """One environment: how many objects differ, and how many only in what follows from others
    (`noise`); some of the former by name."""

    name: str
    added: int = 0
    changed: int = 0
    removed: int = 0
    noise: int = 0
    things: tuple[Thing, ...] = ()


class Rendering(Struct, frozen=True):
    """The whole. `unseen` says what could not be compared and why; `roots` are the names of the
    rendered roots that are made of the changed files."""

    environments: tuple[Environment, ...] = ()
    unseen: tuple[str, ...] = ()
    roots: frozenset[str] = frozenset()


def rendering_lines(rendering: Rendering | None) -> Iterator[str]:
    """Markdown for the section; nothing for None."""
    if rendering is None:
        return
    yield from _summary(rendering)
    for environment in rendering.environments[:_MOST]:
        yield from _environment(environment)
    if rendering.unseen:
        yield ""
        yield "Not compared:"
        yield ""
        yield from (f"* {prose(text)}" for text in rendering.unseen[:_MOST])
        yield from _more(len(rendering.unseen) - _MOST)


def _summary(rendering: Rendering) -> Iterator[str]:
    if rendering.environments:
        yield "| environment | changed | added | removed | only checksums and generated names |"
        yield "|---|---:|---:|---:|---:|"
        for item in rendering.environments[:_MOST]:
            counts = f"{item.changed} | {item.added} | {item.removed} | {item.noise}"
            yield f"| {prose(item.name or 'none', _CELL)} | {counts} |"
        yield from _more(len(rendering.environments) - _MOST)
    elif not rendering.unseen and rendering.roots:
        yield "No rendered object differs."
    elif not rendering.unseen:
        yield "Nothing that can be rendered here is made of the changed files."


def _environment(environment: Environment) -> Iterator[str]:
    if not environment.things:
        return
    yield ""
    yield f"{prose(environment.name or 'none', _CELL)}:"
    yield ""
    for thing in environment.things[:_MOST]:
        became = "" if thing.values else f" {prose(thing.became)}"
        more = f" and {thing.more} more" if thing.more else ""
        yield f"* {code(thing.name, _CELL)}{became}{_values(thing.values)}{more}"
    shown = min(len(environment.things), _MOST)
    yield from _more(environment.added + environment.changed + environment.removed - shown)


def _values(values: Sequence[Value]) -> str:
    parts = (
        f" {code(item.path, _CELL)}: {_value(item.before)} → {_value(item.after)}"
        for item in values
    )
    return ",".join(parts)


def _value(text: str) -> str:
    """A value for people: of a digest the beginning is enough."""
    return code(_LONG_DIGEST.sub(r"\1…", text), _VALUE)


def _more(left: int) -> Iterator[str]:
    if left > 0:
        yield ""
        yield f"… and {left} more."
