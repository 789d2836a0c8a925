"""The functions that templates of ApplicationSets use in practice, of Go's text/template and Sprig
(https://masterminds.github.io/sprig/) and Argo CD's own. None of them reads anything."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

MAX_TEXT = 100_000
"""Longer results are refused: no parameter is that long."""


def shown(value: Any) -> str:
    """How Go prints a value."""
    if value is None:
        return "<no value>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        pairs = (f"{key}:{shown(value[key])}" for key in sorted(value))
        return f"map[{' '.join(pairs)}]"
    if isinstance(value, list):
        return f"[{' '.join(map(shown, value))}]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def is_true(value: Any) -> bool:
    """What `if` makes of a value: empty, zero and nothing are false."""
    return bool(value)


def normalize(value: Any) -> str:
    """Argo CD's normalize: a text made fit for a DNS name."""
    text = re.sub(r"[^-a-z0-9.]", "-", shown(value).lower())[:253]
    return text.strip("-.")


def _slugify(*arguments: Any) -> str:
    limit = int(arguments[0]) if len(arguments) > 1 else 50
    text = re.sub(r"[^a-z0-9]+", "-", shown(arguments[-1]).lower()).strip("-")
    return text[:limit].strip("-")


def _index(value: Any, *steps: Any) -> Any:
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, (list, str)) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            raise IndexError(f"there is no index {shown(step)}")
    return value


def _default(fallback: Any, value: Any = None) -> Any:
    return value if is_true(value) else fallback


def _printf(pattern: str, *values: Any) -> str:
    rest = list(values)

    def one(match: re.Match[str]) -> str:
        sign = match[0]
        if sign == "%%":
            return "%"
        value = rest.pop(0) if rest else None
        return json.dumps(value) if sign == "%q" else shown(value)

    return re.sub(r"%[%svdq]", one, pattern)


def _equal(first: Any, *others: Any) -> bool:
    return any(first == other for other in others)


def _and(*values: Any) -> Any:
    return next((value for value in values if not is_true(value)), values[-1])


def _or(*values: Any) -> Any:
    return next((value for value in values if is_true(value)), values[-1])


def _split(separator: str, text: str) -> dict[str, str]:
    return {f"_{index}": part for index, part in enumerate(text.split(separator))}


def _trunc(length: int, text: str) -> str:
    return text[:length] if length >= 0 else text[length:]


def _substr(start: int, end: int, text: str) -> str:
    return text[max(start, 0) : end if end >= 0 else None]


def _dig(*arguments: Any) -> Any:
    *steps, fallback, value = arguments
    for step in steps:
        if not isinstance(value, dict) or step not in value:
            return fallback
        value = value[step]
    return value


def _replace(old: str, new: str, value: Any) -> str:
    text = shown(value)
    if text.count(old) * len(new) > MAX_TEXT:
        raise ValueError("the result is too long")
    return text.replace(old, new)


def _dict(*pairs: Any) -> dict[str, Any]:
    return {shown(pairs[n]): pairs[n + 1] for n in range(0, len(pairs) - 1, 2)}


def _to_yaml(value: Any) -> str:
    """JSON is YAML: the form differs from Go's, the meaning does not."""
    return json.dumps(value, ensure_ascii=False)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda *values: sum(int(value) for value in values),
    "and": _and,
    "b64enc": lambda text: base64.b64encode(shown(text).encode()).decode(),
    "coalesce": lambda *values: next((value for value in values if is_true(value)), None),
    "contains": lambda part, text: part in shown(text),
    "default": _default,
    "dict": _dict,
    "dig": _dig,
    "empty": lambda value: not is_true(value),
    "eq": _equal,
    "first": lambda items: items[0] if items else None,
    "get": lambda mapping, key: mapping.get(key, "") if isinstance(mapping, dict) else "",
    "has": lambda item, items: item in items,
    "hasKey": lambda mapping, key: isinstance(mapping, dict) and key in mapping,
    "hasPrefix": lambda part, text: shown(text).startswith(part),
    "hasSuffix": lambda part, text: shown(text).endswith(part),
    "index": _index,
    "int": lambda value: int(float(value)),
    "join": lambda separator, items: separator.join(map(shown, items)),
    "keys": sorted,
    "last": lambda items: items[-1] if items else None,
    "len": len,
    "list": lambda *values: list(values),
    "lower": lambda text: shown(text).lower(),
    "ne": lambda first, second: first != second,
    "normalize": normalize,
    "not": lambda value: not is_true(value),
    "nospace": lambda text: re.sub(r"\s", "", shown(text)),
    "or": _or,
    "printf": _printf,
    "quote": lambda *values: " ".join(json.dumps(shown(value)) for value in values),
    "replace": _replace,
    "slugify": _slugify,
    "split": _split,
    "splitList": lambda separator, text: shown(text).split(separator),
    "squote": lambda *values: " ".join(f"'{shown(value)}'" for value in values),
    "substr": _substr,
    "ternary": lambda yes, no, test: yes if is_true(test) else no,
    "title": lambda text: re.sub(r"\b\w", lambda match: match[0].upper(), shown(text)),
    "toJson": lambda value: json.dumps(value, ensure_ascii=False),
    "toString": shown,
    "toYaml": _to_yaml,
    "trim": lambda text: shown(text).strip(),
    "trimAll": lambda part, text: shown(text).strip(part),
    "trimPrefix": lambda part, text: shown(text).removeprefix(part),
    "trimSuffix": lambda part, text: shown(text).removesuffix(part),
    "trunc": _trunc,
    "upper": lambda text: shown(text).upper(),
}
