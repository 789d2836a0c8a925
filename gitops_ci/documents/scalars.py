"""What a plain scalar means to the YAML readers of the Kubernetes world.

Two dialects matter. `kubernetes` is sigs.k8s.io/yaml, a fork of go-yaml v2, which kubectl, Helm
and Argo CD use; `kustomize` is go-yaml v3 behind kyaml, which Flux uses too. The tables follow
resolve.go of the two libraries (go.yaml.in/yaml/v2 and v3).
"""

from __future__ import annotations

from typing import Any

from gitops_ci.model.regex import regex

_NULLS = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_OLD_BOOLEANS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_SPECIAL_FLOATS = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_WORDS: dict[str, Any] = {**_NULLS, **_BOOLEANS, **_SPECIAL_FLOATS}
_FIRST = frozenset("0123456789+-.~nNtTfFyYoO")
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_DECIMAL = regex(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_PREFIXED = regex(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+))\Z")
_DATE = regex(
    r"\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?"
    r"(?:[ \t]*(?:Z|[-+]\d{1,2}(?::?\d{2})?))?)?\Z"
)
_SEXAGESIMAL = regex(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_INT64 = 2**63
_UINT64 = 2**64


class Ambiguous:
    """A resolved value whose reading depends on the dialect; kept apart so that the fast path
    pays one class check."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def _number(text: str) -> Any:
    """The number that `text` denotes to go-yaml, or `text` itself."""
    plain = text.replace("_", "")
    if _DECIMAL.match(plain):
        whole = int(plain)
        return whole if -_INT64 <= whole < _UINT64 else float(whole)
    based = _PREFIXED.match(plain)
    if based:
        sign, hexadecimal, octal, binary = based.groups()
        digits, base = next(
            (d, b) for d, b in ((hexadecimal, 16), (octal, 8), (binary, 2)) if d is not None
        )
        return int(digits, base) * (-1 if sign == "-" else 1)
    if _FLOAT.match(plain):
        return float(plain)
    return text


def resolve_kubernetes(text: str) -> Any:
    """The value of a plain scalar for sigs.k8s.io/yaml: dates stay strings, `yes` is true."""
    if text in _OLD_BOOLEANS:
        return _OLD_BOOLEANS[text]
    if text in _WORDS:
        return _WORDS[text]
    if not text or text[0] not in "0123456789+-." or _DATE.match(text):
        return text
    return _number(text)


def resolve_kustomize(text: str) -> Any:
    """The value of a plain scalar for kyaml: `yes` is a string. A date is returned as its text;
    kustomize prints it in RFC 3339 form, see `rfc3339`."""
    if text in _OLD_BOOLEANS:
        return text
    return resolve_kubernetes(text)


def is_date(text: str) -> bool:
    """Whether go-yaml takes the plain scalar for a time stamp."""
    return bool(_DATE.match(text))


def is_ambiguous(text: str) -> bool:
    """Whether YAML readers disagree about the plain scalar, or a number loses its spelling."""
    if text in _OLD_BOOLEANS:
        return True
    if not text or text[0] not in "0123456789+-.":
        return False
    if _DATE.match(text) or _SEXAGESIMAL.match(text):
        return True
    value = _number(text)
    if isinstance(value, str):
        return False
    if isinstance(value, int):
        return str(value) != text and text != f"+{value}"
    return "." not in text or text.endswith("0") or "_" in text or "e" in text.lower()


_CACHE_LIMIT = 50_000
_cache: dict[str, Any] = {}


def plain(text: str) -> Any:
    """The value of a plain scalar in the `kubernetes` dialect, wrapped in Ambiguous where readers
    disagree. Results are cached: manifests repeat few scalars many times."""
    if text and text[0] not in _FIRST:
        return text
    try:
        return _cache[text]
    except KeyError:
        value = resolve_kubernetes(text)
        if is_ambiguous(text):
            value = Ambiguous(value)
        if len(_cache) < _CACHE_LIMIT and len(text) <= 64:
            _cache[text] = value
        return value
