"""Quantities such as `500m` and `1Gi`.

https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from gitops_ci.cel.function import content_of, method, opaque, plain
from gitops_ci.model.regex import regex

TYPE = "kubernetes.Quantity"
_FORM = regex(
    r"([+-]?)(\d*)(?:\.(\d*))?(?:(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([+-]?\d{1,9}))?"
)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_NANO = 10**9
_LARGEST = 2**63 - 1
_LONGEST = 64
_KNOWN = 4096
"""How many texts are remembered: manifests state few quantities, many times."""
_FARTHEST = 30
"""Powers of ten beyond this are far outside of what a quantity can be, on either side."""


@lru_cache(_KNOWN)
def quantity(text: str) -> Mapping[str, Any]:
    """The quantity that the text states, never finer than a billionth. Raises ValueError."""
    match = _FORM.fullmatch(text) if text.isascii() and len(text) <= _LONGEST else None
    if match is None or not (match[2] or match[3]):
        message = f"quantities must match the regular expression of a number with suffix: {text!r}"
        raise ValueError(message)
    sign, whole, fraction, suffix, exponent = match.groups(default="")
    digits = int((whole + fraction) or "0")
    if suffix in _BINARY:
        amount = Fraction(digits * 2 ** _BINARY[suffix], 10 ** len(fraction))
        exact = not fraction
    else:
        power = _DECIMAL.get(suffix, 0) + int(exponent or 0)
        power = max(-_FARTHEST, min(_FARTHEST, power))
        amount = Fraction(digits) * Fraction(10) ** (power - len(fraction))
        exact = power >= len(fraction)
    nanos = -((-amount * _NANO) // 1)  # rounded up, as far as a billionth
    nanos = min(nanos, _LARGEST * _NANO)
    return _made(-nanos if sign == "-" else nanos, exact=exact)


def _made(nanos: int, *, exact: bool) -> Mapping[str, Any]:
    """`exact` says that the text had no fraction, so that the value is kept as an integer. That is
    no part of the value: as a number of either type it does not make equal quantities differ."""
    whole = exact and nanos % _NANO == 0 and abs(nanos) // _NANO < _LARGEST
    return {**opaque(TYPE, nanos=str(nanos)), "kept": 1 if whole else 1.0}


def is_quantity(text: str) -> bool:
    """Whether the text states a quantity."""
    try:
        quantity(text)
    except ValueError:
        return False
    return True


def _nanos(value: object) -> int:
    return int(content_of(value, TYPE)["nanos"])


def _is_integer(value: object) -> bool:
    return isinstance(content_of(value, TYPE)["kept"], int)


def _as_integer(value: object) -> int:
    if not _is_integer(value):
        message = "cannot convert value to integer"
        raise ValueError(message)
    return _nanos(value) // _NANO


def _compare(left: object, right: object) -> int:
    a, b = _nanos(left), _nanos(right)
    return (a > b) - (a < b)


def _sum(left: object, right: Any, sign: int) -> Mapping[str, Any]:
    other = right * _NANO if isinstance(right, int) else _nanos(right)
    whole = isinstance(right, int) or _is_integer(right)
    return _made(_nanos(left) + sign * other, exact=whole and _is_integer(left))


def _sign(value: object) -> int:
    nanos = _nanos(value)
    return (nanos > 0) - (nanos < 0)


FUNCTIONS = (
    plain("quantity", "string", TYPE, quantity),
    plain("isQuantity", "string", "bool", is_quantity),
    method(TYPE, "sign", "", "int", _sign),
    method(TYPE, "isInteger", "", "bool", _is_integer),
    method(TYPE, "asInteger", "", "int", _as_integer),
    method(TYPE, "asApproximateFloat", "", "double", lambda q: _nanos(q) / _NANO),
    method(TYPE, "add", TYPE, TYPE, lambda a, b: _sum(a, b, 1)),
    method(TYPE, "add", "int", TYPE, lambda a, b: _sum(a, b, 1)),
    method(TYPE, "sub", TYPE, TYPE, lambda a, b: _sum(a, b, -1)),
    method(TYPE, "sub", "int", TYPE, lambda a, b: _sum(a, b, -1)),
    method(TYPE, "isLessThan", TYPE, "bool", lambda a, b: _compare(a, b) < 0),
    method(TYPE, "isGreaterThan", TYPE, "bool", lambda a, b: _compare(a, b) > 0),
    method(TYPE, "compareTo", TYPE, "int", _compare),
)
