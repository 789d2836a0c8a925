"""Named formats of names, labels, dates and the like.

https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from msgspec.structs import replace

from gitops_ci.cel.function import content_of, method, opaque, plain
from gitops_ci.cel.libraries.urls import is_url

TYPE = "kubernetes.NamedFormat"
Check = Callable[[str], str]
"""What is wrong with a text, empty for nothing."""

_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_OLD_LABEL = r"[a-z](?:[-a-z0-9]*[a-z0-9])?"
_VALUE = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?"
_NAME = r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?"
_UUID = (
    r"(?:urn:uuid:)?[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
)
_DATETIME = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)"


def _shaped(pattern: str, longest: int, words: str) -> Check:
    form = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if len(text) > longest:
            return f"must be no more than {longest} characters"
        return "" if form.fullmatch(text) else words

    return check


_label = _shaped(_LABEL, 63, "must be a lower case DNS label (RFC 1123)")
_subdomain = _shaped(_SUBDOMAIN, 253, "must be a lower case DNS subdomain (RFC 1123)")
_old_label = _shaped(_OLD_LABEL, 63, "must be a DNS label that starts with a letter (RFC 1035)")
_name = _shaped(_NAME, 63, "the name part must consist of letters, digits, '-', '_' and '.'")


def _prefix(check: Check) -> Check:
    """A prefix for generated names may end in a dash."""
    return lambda text: check(text[:-1] + "a" if len(text) > 1 and text.endswith("-") else text)


def _qualified(text: str) -> str:
    prefix, slash, name = text.rpartition("/")
    if "/" in prefix or (slash and not prefix):
        return "must be a name, with an optional DNS subdomain and '/' in front"
    return (_subdomain(prefix) if slash else "") or _name(name)


def _parsed(read: Callable[[str], object], words: str) -> Check:
    def check(text: str) -> str:
        try:
            read(text)
        except (ValueError, binascii.Error):
            return words
        return ""

    return check


def _date(text: str) -> object:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def _datetime(text: str) -> object:
    if not re.fullmatch(_DATETIME, text, re.ASCII):
        raise ValueError(text)
    return datetime.fromisoformat(text.upper())


FORMATS: Mapping[str, Check] = {
    "dns1123Label": _label,
    "dns1123Subdomain": _subdomain,
    "dns1035Label": _old_label,
    "qualifiedName": _qualified,
    "dns1123LabelPrefix": _prefix(_label),
    "dns1123SubdomainPrefix": _prefix(_subdomain),
    "dns1035LabelPrefix": _prefix(_old_label),
    "labelValue": _shaped(_VALUE, 63, "must be empty or start and end with a letter or digit"),
    "uri": lambda text: "" if is_url(text) else "must be an absolute URI or path",
    "uuid": _shaped(_UUID, 45, "must be a UUID"),
    "byte": _parsed(lambda text: base64.b64decode(text, validate=True), "must be base64"),
    "date": _parsed(_date, "must be a date such as 2006-01-02"),
    "datetime": _parsed(_datetime, "must be a date and time (RFC 3339)"),
}
"""The formats by name."""


def _validate(value: object, text: str) -> list[str]:
    """The faults of the text, nothing when it has the format."""
    wrong = FORMATS[content_of(value, TYPE)["name"]](text)
    return [wrong] if wrong else []


def _named(name: str) -> Mapping[str, str]:
    return opaque(TYPE, name=name) if name in FORMATS else {}


def _getter(name: str) -> Callable[[], Mapping[str, str]]:
    return lambda: opaque(TYPE, name=name)


FUNCTIONS = (
    *(plain(f"format.{name}", "", TYPE, _getter(name)) for name in FORMATS),
    replace(plain("format.named", "string", f"optional_type<{TYPE}>", _named), optional=True),
    replace(
        method(TYPE, "validate", "string", "optional_type<list<string>>", _validate), optional=True
    ),
)
