"""Checks of single values beyond their Python type, by the `kind` of a Setting."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from gitops_ci.config import rules
from gitops_ci.config.durations import DurationError, parse_duration
from gitops_ci.config.globs import Globs, PatternError
from gitops_ci.config.json_path import JsonPathError, parse_json_path
from gitops_ci.config.layout import NAMES, check_template, layout
from gitops_ci.config.model_checks import OFF, PACKS, SEVERITIES
from gitops_ci.config.windows import WindowError, parse_window
from gitops_ci.model.regex import regex
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

TEMPLATE_NAMES = ("kind", "env", "unit", "app", "group", "from", "to")
"""What branch names and titles of pull requests may use."""

OR_LIST = "-or-list"
"""The end of the kinds of lists for which one text may stand alone."""

KUBERNETES_PATTERN = r"^1\.\d{1,3}$"
PACK_PATTERN = rf"^(?:{'|'.join(PACKS)}|pss-(?:baseline|restricted)@(?:v1\.\d{{1,3}}|latest))$"
POLICY_NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"
ENDPOINT_PATTERN = (
    r"^(?:https://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])|http://(?:localhost|127\.0\.0\.1|\[::1\]))"
    r"(?::\d{1,5})?(?:[/?]\S*)?$"
)
JSON_PATH_PATTERN = r"^\$"
OWNER_PATTERN = r"^@[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_.-]+)*$"


class KindError(ValueError):
    """A value that its kind does not allow: the rule, and a hint for a person."""

    def __init__(self, rule: Rule, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.rule, self.message, self.hint = rule, message, hint


_COMPARABLE = 100
_FEW, _MANY = 12, 500


def near(word: str, known: tuple[str, ...] | list[str]) -> str:
    """The hint that names the nearest of `known`, or lists them when they are few. Comparing takes
    time that grows with both, so long words and long lists get no hint."""
    if len(word) > _COMPARABLE or len(known) > _MANY:
        return ""
    import difflib

    close = difflib.get_close_matches(word, known, 1, 0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known are {', '.join(known)}" if 0 < len(known) <= _FEW else ""


def clipped(text: str) -> str:
    """The text, shortened when somebody made it longer than anybody would read."""
    most = 300
    return text if len(text) <= most else f"{text[: most - 1]}…"


def check(kind: str, text: str) -> Any:
    """The value of `text` for a field of `kind`. Raises KindError."""
    return _CHECKS[kind.removesuffix(OR_LIST)](text)


def severity(word: Any) -> Severity | None:
    """The severity that a rule is set to; None switches it off. Raises KindError."""
    if word == OFF or word is False:  # an unquoted `off` is the boolean of YAML 1.1
        return None
    if isinstance(word, str) and word in SEVERITIES:
        return Severity.of(word)
    shown = word if isinstance(word, str) else type(word).__name__
    message = f"'{shown}' is no severity"
    raise KindError(rules.BAD_VALUE, message, near(str(word), [*SEVERITIES, OFF]))


def _duration(text: str) -> float:
    try:
        return parse_duration(text)
    except DurationError:
        message = f"'{text}' is no duration"
        raise KindError(rules.BAD_DURATION, message, "write 60s, 24h, 1h30m or 7d") from None


_ALTERNATIVES = regex(r"(?<!\\)\{[^{}]*,[^{}]*\}")


def _glob(text: str) -> str:
    if _ALTERNATIVES.search(text):
        # gitignore takes braces literally, so that such a pattern would silently match nothing
        hint = "write one pattern for each alternative"
        raise KindError(rules.BAD_PATTERN, f"bad pattern '{text}'", hint)
    try:
        Globs.of([text])
    except PatternError as error:
        raise KindError(rules.BAD_PATTERN, f"bad pattern '{text}'", str(error)) from None
    return text


def _layout(text: str) -> str:
    try:
        layout(text)
    except PatternError as error:
        raise KindError(rules.BAD_PATTERN, f"bad layout '{text}'", str(error)) from None
    return text


def _template_of(names: tuple[str, ...]) -> Callable[[str], str]:
    def checked(text: str) -> str:
        try:
            check_template(text, names)
        except PatternError as error:
            raise KindError(rules.BAD_PATTERN, f"bad template '{text}'", str(error)) from None
        return text

    return checked


def _window(text: str) -> str:
    try:
        parse_window(text)
    except WindowError as error:
        raise KindError(rules.BAD_WINDOW, f"bad window '{text}'", str(error)) from None
    return text


def _path(text: str) -> str:
    if not text or text.startswith("/") or ".." in text.split("/") or "://" in text:
        message = f"'{text}' is no path inside the repository"
        raise KindError(rules.BAD_VALUE, message)
    return text


def _matching(pattern: str, what: str, hint: str) -> Callable[[str], str]:
    compiled = re.compile(pattern.removesuffix("$") + r"\Z", re.ASCII)

    def checked(text: str) -> str:
        if not compiled.match(text):
            raise KindError(rules.BAD_VALUE, f"'{text}' is no {what}", hint)
        return text

    return checked


def _pack(text: str) -> str:
    name, at, _ = text.partition("@")
    if name not in PACKS:
        raise KindError(rules.BAD_VALUE, f"there is no pack '{name}'", near(name, PACKS))
    if at and not re.match(PACK_PATTERN, text):
        message = f"'{text}' cannot be pinned to that version"
        raise KindError(rules.BAD_VALUE, message, "write pss-restricted@v1.32, or @latest")
    return text


def _pack_name(text: str) -> str:
    _pack(text)
    if "@" in text:
        message = f"'{text}' cannot be pinned here"
        raise KindError(rules.BAD_VALUE, message, "write the version in policy.packs")
    return text


def _timezone(text: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = sorted(available_timezones())
        # a machine without a time zone database cannot judge
        if known or not re.match(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*\Z", text):
            message = f"'{text}' is no time zone"
            raise KindError(rules.BAD_VALUE, message, _near_zone(text, known)) from None
    return text


def _near_zone(text: str, known: list[str]) -> str:
    """There are too many zones to list, but those of one region can be compared."""
    region = text.partition("/")[0]
    return near(text, [zone for zone in known if zone.startswith(f"{region}/")])


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is no date"
        raise KindError(rules.BAD_VALUE, message, "write 2027-03-01") from None


def moment(text: str) -> datetime:
    """The moment at which something ends: an RFC 3339 time, or the end (UTC) of a day. Raises
    KindError."""
    hint = "write 2027-03-01 (that day included) or 2027-03-01T08:00:00Z"
    try:
        if len(text) == len("2027-03-01"):
            day = date.fromisoformat(text) + timedelta(days=1)
            return datetime.combine(day, time(), UTC)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise KindError(rules.BAD_VALUE, f"'{text}' is no date or time", hint) from None
    if at.tzinfo is None:
        raise KindError(rules.BAD_VALUE, f"'{text}' does not say its time zone", hint)
    return at


HOLD_WORDS = ("until-newer", "manual", "released")
"""How a hold ends, where it is no moment."""


def _hold_end(text: str) -> str | datetime:
    if text in HOLD_WORDS:
        return text
    try:
        return moment(text)
    except KindError as error:
        close = near(text, HOLD_WORDS)
        hint = close if close.startswith("did") else f"or write {', '.join(HOLD_WORDS)}"
        raise KindError(error.rule, error.message, f"{error.hint}; {hint}") from None


def _json_path(text: str) -> str:
    try:
        parse_json_path(text)
    except JsonPathError as error:
        hint = "write $.status, $.parts[*].ready or $.parts[?@.name == 'db'].state"
        raise KindError(rules.BAD_VALUE, str(error), hint) from None
    return text


_address = _matching(ENDPOINT_PATTERN, "address to ask", "write https://host/path, without user")


def _endpoint(text: str) -> str:
    """An address to ask: over TLS, or on this machine. A change can fill in no part of its host."""
    return _template_of(("app", "env"))(_address(text))


def _filled(text: str) -> str:
    if not text.strip():
        raise KindError(rules.BAD_VALUE, "an empty text says nothing")
    return text.strip()


_CHECKS: dict[str, Callable[[str], Any]] = {
    "": str,
    "duration": _duration,
    "glob": _glob,
    "layout": _layout,
    "layout-text": _template_of(NAMES),
    "template": _template_of(TEMPLATE_NAMES),
    "window": _window,
    "path": _path,
    "kubernetes": _matching(KUBERNETES_PATTERN, "Kubernetes version", 'write "1.32"'),
    "owner": _matching(OWNER_PATTERN, "user or team", "write @user or @org/team"),
    "pack": _pack,
    "pack-name": _pack_name,
    "timezone": _timezone,
    "word": str,
    "policy-name": _matching(
        POLICY_NAME_PATTERN, "name of a policy", "write letters, digits, - and _"
    ),
    "date": _date,
    "moment": moment,
    "hold-end": _hold_end,
    "filled": _filled,
    "json-path": _json_path,
    "endpoint": _endpoint,
}
"""What each kind asks of a text, and what becomes of it."""
