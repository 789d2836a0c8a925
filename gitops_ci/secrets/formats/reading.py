"""Reads the data files of formats.

A file is a sequence of entries, with `#` comments between them:

    [github-classic-token] GitHub personal access token (classic)
    url: the page of the provider that describes it
    value: ghp_[0-9A-Za-z]{36}
    like: {{fake:github ghp_}}
    check: github

What it looks like is one of

    value: EXPRESSION             a value that its own prefix gives away
    value: and after: EXPRESSION  a value that only the name in front gives away; the case of the
                                  name is ignored
    pattern: EXPRESSION           all of it, the secret in group 1

`keywords` (separated by blanks) may be left out where a lone `value` begins with literal text.
`severity` is `error` unless said otherwise, `check` names an entry of `checks`.

Examples are recipes: what stands in `{{fake:…}}` is made up when a test runs, so that no file holds
what looks like a credential. `bad` and `good` give whole lines. Where there are fewer than two of
them, they are completed from `like`, the recipe of one value, and for `after` from the two names in
`as`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.secrets.format import Format, Validate

_HEAD = regex(r"\[([a-z0-9-]+)\] (\S.*)")
_LITERAL = regex(r"(?:[A-Za-z0-9_-]|\\[.-])+")
_KEYS = frozenset(
    (
        "url",
        "after",
        "value",
        "pattern",
        "keywords",
        "severity",
        "check",
        "like",
        "as",
        "bad",
        "good",
    )
)
_EXAMPLES = 2

QUOTE = r"(?:\\?[\"'`])?"
"""A quote, or one that is escaped in a string around it, or none."""
BETWEEN = (
    rf"[\w.-]{{0,16}}{QUOTE}[\])]?\s{{0,8}}(?:=>|:=|[:=,>]|\s)\s{{0,8}}{QUOTE}"
    r"(?:[Bb]earer |[Bb]asic |[Tt]oken )?"
)
"""What stands between a name and its value in the notations of configuration files and shells."""
END = r"(?:[^0-9A-Za-z_+/=-]|$)"
"""The value ends here, and is not the beginning of a longer one."""

Entry = dict[str, list[str]]


def read_formats(text: str, source: str, checks: Mapping[str, Validate]) -> Iterator[Format]:
    """The formats of one data file. Raises ValueError, with the entry, for a faulty one."""
    for id_, name, entry in _entries(text, source):
        try:
            yield _format(id_, name, entry, checks)
        except KeyError as error:
            raise ValueError(f"{source}: [{id_}] has no or an unknown {error}") from error


def _entries(text: str, source: str) -> Iterator[tuple[str, str, Entry]]:
    id_, name = "", ""
    entry: Entry = {}
    for number, line in enumerate(text.splitlines(), 1):
        key, colon, value = line.partition(": ")
        if colon and key in _KEYS and id_:
            entry[key].append(value.strip())
        elif head := _HEAD.fullmatch(line):
            if id_:
                yield id_, name, entry
            id_, name, entry = head[1], head[2], defaultdict(list)
        elif line.strip() and not line.startswith("#"):
            raise ValueError(f"{source}:{number}: not a line of a format")
    if id_:
        yield id_, name, entry


def _format(id_: str, name: str, entry: Entry, checks: Mapping[str, Validate]) -> Format:
    pattern = _pattern(entry)
    bad, good = _examples(entry)
    check = _one(entry, "check")
    return Format(
        id=id_,
        name=name,
        keywords=_keywords(entry),
        pattern=pattern,
        url=_needed(entry, "url"),
        bad=bad,
        good=good,
        group=1,
        validate=checks[check] if check else None,
        severity=Severity[(_one(entry, "severity") or "error").upper()],
    )


def _one(entry: Entry, key: str) -> str:
    values = entry.get(key)
    return values[0] if values else ""


def _needed(entry: Entry, key: str) -> str:
    value = _one(entry, key)
    if not value:
        raise KeyError(key)
    return value


def _pattern(entry: Entry) -> str:
    if after := _one(entry, "after"):
        return rf"(?i:{after}){BETWEEN}({_needed(entry, 'value')}){END}"
    if value := _one(entry, "value"):
        return rf"\b({value}){END}"
    return _needed(entry, "pattern")


def _keywords(entry: Entry) -> tuple[str, ...]:
    if words := _one(entry, "keywords"):
        return tuple(words.lower().split())
    value = _one(entry, "value")
    literal = _LITERAL.match(value)
    if literal is None or "after" in entry:
        raise KeyError("keywords")
    prefix = literal.group()
    if value[len(prefix) : len(prefix) + 1] in ("{", "?", "*"):
        prefix = prefix[:-1]
    return (prefix.replace("\\", "").lower(),)


def _examples(entry: Entry) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts in which it is found, and those in which it is not."""
    bad, good = list(entry.get("bad", ())), list(entry.get("good", ()))
    like = _one(entry, "like")
    if not like:
        return tuple(bad), tuple(good)
    short = f"{{{{fake:text {like} | half}}}}"
    if "after" in entry:
        first, second = _needed(entry, "as").split()
        more_bad = [f"{first}={like}", f'  {second}: "{like}"']
        more_good = [f"{first}={short}", f"resource_version: {like}"]
    else:
        more_bad = [f"TOKEN={like}", f'  value: "{like}" # of the robot']
        more_good = [f"TOKEN={short}", f"name: x{like}"]
    bad += more_bad[: max(0, _EXAMPLES - len(bad))]
    good += more_good[: max(0, _EXAMPLES - len(good))]
    return tuple(bad), tuple(good)
