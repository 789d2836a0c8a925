"""Secrets in text, line by line: known formats, private keys, addresses, assignments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.secrets import rules, unnamed
from gitops_ci.secrets.addresses import WORD, logins
from gitops_ci.secrets.assignments import Assignment, assignments, may_assign
from gitops_ci.secrets.format import Validity
from gitops_ci.secrets.hit import Hit, Stretch
from gitops_ci.secrets.judge import Care, credential
from gitops_ci.secrets.matching import Match, Matcher
from gitops_ci.secrets.private_keys import private_keys
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.source_text import Line, SourceText
from gitops_ci.secrets.strength import looks_made_up
from gitops_ci.secrets.styles import Style
from gitops_ci.secrets.vocabulary import words as words_of_section

_LONG_WORD = regex(r"\S{12}")
_MORE_WORDS = regex(r"[ \t]{1,8}(?:\w|[(`'\"<])")
NAME_WORDS = (
    *words_of_section("traces"),
    *(f"{word}{sign}key" for word in words_of_section("keys") for sign in ("", " ", ".")),
    *unnamed.WORDS,
)
"""Every line in which a name is given a credential holds one of these (lower case)."""


def keys_in(text: str) -> Iterator[Hit]:
    """The private keys of a text."""
    for key in private_keys(text):
        rule = rules.ENCRYPTED_PRIVATE_KEY if key.protected else rules.PRIVATE_KEY
        what = "a private key"
        yield Hit(rule, SecretText(key.value), what, "", Stretch(key.start, key.end), rule.severity)


def formats_in(source: SourceText, words: frozenset[str], matcher: Matcher) -> Iterator[Hit]:
    """The credentials of known formats in a file that holds `words`."""
    for match in matcher.in_source(source, words):
        yield hit_of(match, Stretch(match.start, match.end))


def hit_of(match: Match, place: Stretch) -> Hit:
    """The hit for a credential of a known format."""
    item, severity = match.format, match.format.severity
    expired = match.validity is Validity.EXPIRED
    what = f"{item.name}, expired" if expired else item.name
    weight = min(severity, Severity.WARNING) if expired else severity
    return Hit(item.rule, SecretText(match.value), what, "", place, weight)


def addresses_in(source: SourceText, care: Care) -> Iterator[Hit]:
    """The passwords in the addresses of a file."""
    for line in source.lines_with([WORD]):
        if "@" in line.text:
            yield from address_hits(line.text, source.offset(line.start), care)


def address_hits(line: str, offset: int, care: Care) -> Iterator[Hit]:
    """The passwords in the addresses of one line that starts at `offset`."""
    for login in logins(line, care):
        yield Hit(
            rules.URL_CREDENTIALS,
            SecretText(login.value),
            "the address",
            login.host,
            Stretch(offset + login.start, offset + login.end),
            login.severity,
        )


def assignments_in(
    source: SourceText, words: Iterable[str], style: Style, *, comments: bool = False
) -> Iterator[Hit]:
    """The credentials that names in a file are given; with `comments` only those in comments, for
    files whose other text is looked at in another way."""
    for line in source.lines_with(words):
        text, shift = line.text, 0
        if comments:
            shift = comment_start(text)
            if shift < 0:
                continue
            text = text[shift:]
        if _may_assign(text, style):
            offset = source.offset(line.start) + shift
            for hit in assigned(Line(line.start, text), offset, style):
                if not (comments and _explains(hit, text, offset)):
                    yield hit


def _explains(hit: Hit, comment: str, offset: int) -> bool:
    """Whether a comment says what a name means: `password: the one of the user`."""
    if hit.severity > Severity.WARNING or looks_made_up(hit.value.reveal()):
        return False
    place = hit.place
    return isinstance(place, Stretch) and bool(_MORE_WORDS.match(comment, place.end - offset))


def _may_assign(line: str, style: Style) -> bool:
    """A cheap answer for texts that are no configuration: code quotes its values, and what counts
    in prose is long."""
    if not style.words and not may_assign(line):
        return False
    if style.quoted:
        return '"' in line or "'" in line or "`" in line or (style.scripts and "=" in line)
    return style.care is not Care.PROSE or _LONG_WORD.search(line) is not None


def assigned(line: Line, offset: int, style: Style) -> Iterator[Hit]:
    """The credentials that are assigned in one line that starts at `offset`."""
    for item in assignments(line.text, words=style.words, whole=style.whole):
        if style.quoted and not item.quoted and not _is_script(line.text, item, style):
            continue
        severity = credential(item.name, item.value, style.care)
        if severity is None and style.care is Care.DATA:
            severity = _as_header(item)
        if severity is not None:
            yield Hit(
                rules.CREDENTIAL,
                SecretText(item.value),
                f"'{item.name}'",
                item.name,
                Stretch(offset + item.start, offset + item.end),
                severity,
            )


def _is_script(line: str, item: Assignment, style: Style) -> bool:
    """Whether it is a variable of a shell, in which nothing stands beside the sign."""
    return style.scripts and line[item.start - 1] == "="


def _as_header(item: Assignment) -> Severity | None:
    """`X-Vault-Token: …` and other headers whose last word is no credential's."""
    is_header = item.name.lower().startswith("x-") and item.name.lower().endswith(("key", "token"))
    return credential("token", item.value) if is_header else None


def comment_start(line: str) -> int:
    """Where the comment of a YAML line begins, behind its sign; -1 without one."""
    stripped = line.lstrip()
    if stripped.startswith("#"):
        return len(line) - len(stripped) + 1
    place = line.find(" #")
    return place + 2 if place >= 0 else -1
