"""Keys of the configuration as people write them: `report.failOn`, `gates.prod.checks[0].name`."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from gitops_ci.config import kinds
from gitops_ci.config.durations import format_duration
from gitops_ci.config.fields import FieldInfo, fields_of, is_section
from gitops_ci.config.model import Config
from gitops_ci.config.model_checks import OFF
from gitops_ci.config.places import dotted
from gitops_ci.model.errors import UsageError
from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route

_STEP = regex(r"([^.\[\]]+)|\[(\d+)\]")


class Key(Struct, frozen=True):
    """A key that exists: its route in YAML names, and the field that it leads to or into."""

    route: Route
    info: FieldInfo

    def builtin(self) -> Any:
        """The built-in value in YAML form; None where the entry exists only when written."""
        value: Any = Config()
        section: Any = Config
        field = self.info
        for step in self.route:
            if not is_section(section) or value is None:
                return None
            field = next(item for item in fields_of(section) if item.yaml == step)
            value, section = getattr(value, field.name), field.type
        return shown(field, value)


def parse_key(text: str) -> Key:
    """The key that `text` spells. Raises UsageError with the nearest name."""
    route: Route = tuple(int(index) if index else word for word, index in _STEP.findall(text))
    section: Any = Config
    info: FieldInfo | None = None
    inside = False
    for number, step in enumerate(route):
        if inside and info is not None:
            section, inside = info.section, False
            continue
        known = {item.yaml: item for item in fields_of(section)} if is_section(section) else {}
        found = known.get(step) if isinstance(step, str) else None
        if found is None:
            message = f"there is no key '{dotted(route[: number + 1])}' in the configuration"
            raise UsageError(message, kinds.near(str(step), list(known)))
        info, section = found, found.type
        inside = found.is_list or found.is_map
    if info is None:
        message = f"'{text}' is no key of the configuration"
        raise UsageError(message, "write a key such as report.failOn")
    return Key(route, info)


def plain(value: Any) -> Any:
    """A typed value in the form in which YAML has it."""
    if is_section(type(value)):
        return {
            item.yaml: shown(item, getattr(value, item.name)) for item in fields_of(type(value))
        }
    if isinstance(value, Severity):
        return value.word
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def shown(info: FieldInfo, value: Any) -> Any:
    """The value of a field in the form in which YAML has it."""
    kind = info.setting.kind
    if kind == "duration":
        return format_duration(value)
    if kind == "sources":
        return {"any": list(value.names)} if value.any else list(value.names)
    if kind == "severity":
        return {key: OFF if item is None else item.word for key, item in value.items()}
    return plain(value)


def value_at(value: Any, route: Route) -> tuple[bool, Any]:
    """Whether the parsed YAML `value` has an entry at `route`, and the entry."""
    for step in route:
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return False, None
        elif not isinstance(value, dict) or step not in value:
            return False, None
        value = value[step]
    return True, value
