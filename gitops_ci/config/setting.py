"""How a field of the config model describes itself: one declaration, from which decoding, the
JSON Schema, the reference page and the annotated sample are all derived."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Setting(Struct, frozen=True):
    """What a field says about itself, as an annotation: `name: Annotated[str, Setting("…")] = ""`.

    `doc` is one sentence for the reference; `name` is the YAML name where camelCase does not give
    it; `kind` names a check beyond the Python type (see `config/kinds.py`); `choices` are the
    allowed words; `example` is what the annotated sample shows; `inherits` names the top-level
    field whose value fills what is not written here.
    """

    doc: str
    name: str = ""
    kind: str = ""
    choices: tuple[str, ...] = ()
    example: Any = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    inherits: str = ""


def camel_case(python_name: str) -> str:
    """`load_restrictor` as `loadRestrictor`."""
    head, *rest = python_name.split("_")
    return head + "".join(word.capitalize() for word in rest)
