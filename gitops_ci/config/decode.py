"""A parsed document into the configuration: every fault at once, each with its place."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from gitops_ci.config import kinds, rules
from gitops_ci.config.fields import FieldInfo, fields_of, is_section
from gitops_ci.config.model import Config, Sources
from gitops_ci.config.places import Layered, Places, dotted, layered
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.rule import Rule
from gitops_ci.model.span import Route

T = TypeVar("T")
DEFAULTS = "defaults"
"""The entry of a mapping that fills what the other entries do not say."""

MOST = 100
"""How many faults of one file are told at once; finding the places of more takes too long."""

_WRONG = object()
"""What stands for a value that could not be decoded until the default takes its place."""

_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def decode(layers: Layered, *, partial: bool = False) -> tuple[Config, tuple[Finding, ...]]:
    """The configuration that `layers` spells, and its faults. Where something is wrong the default
    stands, so that the rest is judged too. A `partial` file may leave out required keys."""
    decoder = Decoder(layers, partial=partial)
    config = decoder.section(Config, layers.value, ())
    return config, tuple(decoder.findings)


def decode_setting(info: FieldInfo, value: Any) -> tuple[Any, tuple[str, ...]]:
    """The value of one field outside of any file, and what is wrong with it, as sentences."""
    decoder = Decoder(layered(()))
    decoded = decoder.field(info, value, (info.yaml,))
    return decoded, tuple(_sentence(finding) for finding in decoder.findings)


def _sentence(finding: Finding) -> str:
    return f"{finding.message} ({finding.hint})" if finding.hint else finding.message


class Decoder:
    """Decodes values whose places are known; collects `findings`. A `partial` file may leave out
    keys that another file gives."""

    def __init__(self, places: Places, *, partial: bool = False) -> None:
        self._places = places
        self._partial = partial
        self._bases: dict[str, Any] = {}
        self.findings: list[Finding] = []

    def section(self, kind: type[T], value: Any, route: Route, base: T | None = None) -> T:
        """The `kind` that the mapping `value` spells; what it does not say comes from `base`."""
        if value is None:
            value = {}
        if not isinstance(value, dict):
            self._wrong_type(route, "a mapping", value)
            value = {}
        infos = {info.yaml: info for info in fields_of(kind)}
        self._unknown_keys(value, infos, route)
        values: dict[str, Any] = {}
        # inherited sections come first, so that the fields that build on them find them
        for name, info in sorted(infos.items(), key=lambda item: item[0] not in _INHERITED):
            if value.get(name) is not None:
                decoded = self.field(info, value[name], (*route, name))
                values[info.name] = info.default if decoded is _WRONG else decoded
            elif info.setting.required and not self._partial:
                self._report(rules.MISSING_KEY, f"'{name}' is missing", route, part="key")
            elif base is not None:
                values[info.name] = getattr(base, info.name)
            if name in _INHERITED and not route:
                self._bases[name] = values.get(info.name, info.default)
        return kind(**values)

    def _unknown_keys(
        self, value: dict[str, Any], infos: dict[str, FieldInfo], route: Route
    ) -> None:
        for key in value:
            if key not in infos and len(self.findings) < MOST:
                message = f"unknown key '{key}'"
                hint = kinds.near(key, [name for name in infos if name not in value] or [*infos])
                self._report(rules.UNKNOWN_KEY, message, (*route, key), hint, part="key")

    def field(self, info: FieldInfo, value: Any, route: Route) -> Any:
        """The value of one field; a marker of no use to anybody when a finding says why."""
        if info.setting.kind == "sources":
            return self._sources(value, route)
        if info.is_list:
            return self._list(info, value, route)
        if info.is_map:
            return self._map(info, value, route)
        if is_section(info.type):
            base = self._bases.get(info.setting.inherits)
            return self.section(info.type, value, route, base)
        return self._scalar(info, info.type, value, route)

    def _list(self, info: FieldInfo, value: Any, route: Route) -> Any:
        if isinstance(value, str) and info.setting.kind.endswith(kinds.OR_LIST):
            member = self._member(info, value, route)
            return _WRONG if member is _WRONG else (member,)
        if not isinstance(value, list):
            shown = self._places.text(route)
            word = info.setting.kind == "word-or-list"
            hint = f'quote it: "{shown}"' if word and _plain(value) else ""
            hint = f"write [{shown}]" if isinstance(value, str) else hint
            self._wrong_type(route, "a text or a list" if word else "a list", value, hint)
            return _WRONG
        members = (self._member(info, item, (*route, n)) for n, item in enumerate(value))
        return tuple(member for member in members if member is not _WRONG)

    def _map(self, info: FieldInfo, value: Any, route: Route) -> Any:
        if not isinstance(value, dict):
            self._wrong_type(route, "a mapping", value)
            return _WRONG
        if info.setting.kind == "severity":
            decoded = {key: self._severity(item, (*route, key)) for key, item in value.items()}
        else:
            decoded = self._members(info, value, route)
        return {key: item for key, item in decoded.items() if item is not _WRONG}

    def _members(self, info: FieldInfo, value: dict[str, Any], route: Route) -> dict[str, Any]:
        """The entries of a mapping; one called `defaults` fills what the others do not say."""
        fill = value.get(DEFAULTS) if info.setting.kind == DEFAULTS else None
        base = None if fill is None else self._member(info, fill, (*route, DEFAULTS))
        return {
            key: base
            if key == DEFAULTS and base is not None
            else self._member(info, item, (*route, key), base)
            for key, item in value.items()
        }

    def _member(self, info: FieldInfo, value: Any, route: Route, base: Any = None) -> Any:
        if info.section is not None:
            return self.section(info.section, value, route, base)
        return self._scalar(info, info.item, value, route)

    def _sources(self, value: Any, route: Route) -> Sources:
        if isinstance(value, str):
            return Sources((value,))
        either = isinstance(value, dict) and set(value) == {"any"}
        names = value["any"] if either else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self._wrong_type(route, "a list of environments or {any: [...]}", value)
            return Sources()
        return Sources(tuple(names), either)

    def _severity(self, value: Any, route: Route) -> Any:
        return self._checked(lambda: kinds.severity(value), route)

    def _scalar(self, info: FieldInfo, wanted: Any, value: Any, route: Route) -> Any:
        about = info.setting
        text_kind = about.kind in _TEXT_KINDS
        if about.kind == "percent" and isinstance(value, str) and value.endswith("%"):
            value = _number(value[:-1], value)
        if wanted is float and not text_kind and _is_number(value):
            return self._bounded(info, float(value), route)
        if wanted is int and type(value) is int:
            return self._bounded(info, value, route)
        if wanted is bool and isinstance(value, bool):
            return value
        if not isinstance(value, str) or (wanted is not str and not text_kind):
            words = _KIND_WORDS.get(about.kind) or _WORDS[wanted]
            hint = (
                f'quote it: "{self._places.text(route)}"' if wanted is str and _plain(value) else ""
            )
            self._wrong_type(route, words, value, hint)
            return _WRONG
        if not value and about.required:
            self._report(rules.BAD_VALUE, f"'{info.yaml}' must not be empty", route)
            return _WRONG
        if not value and info.default == "":
            return ""
        if about.choices and value not in about.choices:
            hint = kinds.near(value, about.choices)
            self._report(rules.BAD_VALUE, f"'{value}' is not allowed here", route, hint)
            return _WRONG
        return self._checked(lambda: kinds.check(about.kind, value), route)

    def _bounded(self, info: FieldInfo, value: float, route: Route) -> Any:
        if not math.isfinite(value):
            self._report(rules.BAD_VALUE, f"'{info.yaml}' has to be a finite number", route)
            return _WRONG
        low, high = info.setting.minimum, info.setting.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            limits = [f"at least {low:g}"] if low is not None else []
            limits += [f"at most {high:g}"] if high is not None else []
            words = f"{low:g}" if low is not None and low == high else " and ".join(limits)
            message = f"{value:g} is not allowed: '{info.yaml}' is {words}"
            self._report(rules.BAD_VALUE, message, route)
            return _WRONG
        return value

    def _checked(self, check: Callable[[], Any], route: Route) -> Any:
        try:
            return check()
        except kinds.KindError as error:
            self._report(error.rule, error.message, route, error.hint)
            return _WRONG

    def _wrong_type(self, route: Route, wanted: str, value: Any, hint: str = "") -> None:
        name = next((step for step in reversed(route) if isinstance(step, str)), "the file")
        shown = _described(value)
        self._report(rules.WRONG_TYPE, f"'{name}' has to be {wanted}, not {shown}", route, hint)

    def _report(
        self, rule: Rule, message: str, route: Route, hint: str = "", *, part: str = "value"
    ) -> None:
        if len(self.findings) >= MOST:
            return
        place = self._places.place(route, "key" if part == "key" else "value")
        hint, message = kinds.clipped(hint), kinds.clipped(message)
        self.findings.append(found(rule, message, place, hint=hint, key=dotted(route)))


_TEXT_KINDS = frozenset({"duration", "date", "moment", "hold-end"})
"""Kinds whose values are written as texts although they become something else."""

_KIND_WORDS = {
    "duration": "a duration such as 24h",
    "date": "a date such as 2027-03-01",
    "moment": "a date or time such as 2027-03-01T08:00:00Z",
    "hold-end": "until-newer, manual, or a date or time such as 2027-03-01T08:00:00Z",
}
_INHERITED = ("pr",)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(value: Any) -> bool:
    return isinstance(value, (int, float, bool))


def _number(text: str, otherwise: str) -> Any:
    return float(text) if text.replace(".", "", 1).isdecimal() else otherwise


def _described(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true or false"
    if _is_number(value):
        return "a number"
    return "a text" if isinstance(value, str) else "nothing"
