"""The config model read as data: what decoding, schema, reference and sample all walk over."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from gitops_ci.config.setting import Setting, camel_case


class FieldInfo(Struct, frozen=True):
    """One field: its Python and YAML names, its type without Annotated and None, its default, and
    what it says about itself."""

    name: str
    yaml: str
    type: Any
    default: Any
    setting: Setting

    @property
    def item(self) -> Any:
        """The type of the members of a tuple, or of the values of a dict."""
        arguments = get_args(self.type)
        member = arguments[1] if get_origin(self.type) is dict else arguments[0]
        return _without_none(member)

    @property
    def is_list(self) -> bool:
        """Whether the field holds a tuple."""
        return get_origin(self.type) is tuple

    @property
    def is_map(self) -> bool:
        """Whether the field holds a dict with names of the user's choice as keys."""
        return get_origin(self.type) is dict

    @property
    def section(self) -> type | None:
        """The class that the field holds, in itself or as members, if any."""
        inner = self.item if self.is_list or self.is_map else self.type
        return inner if is_section(inner) else None


def is_section(kind: Any) -> bool:
    """Whether `kind` is a class of values whose fields describe themselves."""
    return isinstance(kind, type) and issubclass(kind, Struct) and bool(fields_of(kind))


def fields_of(section: type[Any]) -> tuple[FieldInfo, ...]:
    """The self-describing fields of a class of values, in order."""
    known = _fields.get(section)
    if known is None:
        known = tuple(_infos(section))
        _fields[section] = known
    return known


_fields: dict[type[Any], tuple[FieldInfo, ...]] = {}


def _infos(section: type[Struct]) -> Iterator[FieldInfo]:
    for item in fields(section):
        if get_origin(item.type) is not Annotated:
            continue
        inner, *notes = get_args(item.type)
        about = next(note for note in notes if isinstance(note, Setting))
        factory = item.default_factory
        default = item.default if factory is NODEFAULT else factory()
        yaml = about.name or camel_case(item.name)
        yield FieldInfo(item.name, yaml, _without_none(inner), default, about)


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return next(member for member in get_args(hint) if member is not types.NoneType)
    return hint
