"""Every format of the data files: its examples, its expression, its neighbours."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from gitops_ci.secrets.format import Format
from gitops_ci.secrets.formats import FORMATS
from gitops_ci.secrets.matching import Matcher
from gitops_ci.secrets.prefilter import re2_library
from tests.support.fakes import fill

_NOT_RE2 = re.compile(
    r"\(\?(?:[=!>]|<[=!]|P[=>]|\()"  # look-around, atomic groups, references, conditions
    r"|(?<!\\)(?:\\\\)*\\[1-9ZGKkRX]"  # back-references and anchors of other dialects
    r"|(?<!\\)[*+?}]\+"  # possessive repetition
)
_REPETITION = re.compile(r"(?<!\\)\{(\d+)(?:,(\d*))?\}")
_MOST_REPETITIONS = 1000  # the limit of RE2
_LONG = 20_000


def _texts(item: Format, examples: tuple[str, ...]) -> list[str]:
    return [fill(text, f"{item.id} {index}") for index, text in enumerate(examples)]


def _bad() -> Iterator[tuple[Format, str]]:
    for item in FORMATS:
        for text in _texts(item, item.bad):
            yield item, text


def test_there_are_enough_and_each_once() -> None:
    ids = [item.id for item in FORMATS]
    assert len(ids) >= 250
    assert len(set(ids)) == len(ids)
    assert len({item.name for item in FORMATS}) == len(ids)


def test_every_entry_is_complete() -> None:
    for item in FORMATS:
        assert item.url.startswith("https://"), item.id
        assert len(item.bad) >= 2, item.id
        assert len(item.good) >= 2, item.id
        assert item.keywords, item.id
        for word in item.keywords:
            assert word == word.lower(), item.id
            assert not re.search(r"\s", word), item.id


def test_each_is_found_and_no_other_format_fires() -> None:
    matcher = Matcher(FORMATS, plain=True)
    wrong = [
        (item.id, found, text)
        for item, text in _bad()
        if (found := {match.format.id for match in matcher.in_line(text)}) != {item.id}
    ]
    assert not wrong


def test_what_looks_similar_is_not_found() -> None:
    wrong = [
        (item.id, text)
        for item in FORMATS
        for text in _texts(item, item.good)
        if list(Matcher((item,), plain=True).in_line(text))
    ]
    assert not wrong


def test_what_matches_holds_a_keyword() -> None:
    for item, text in _bad():
        for match in re.finditer(item.pattern, text, re.ASCII):
            assert any(word in match.group().lower() for word in item.keywords), item.id


def test_the_secret_alone_is_taken() -> None:
    for item, text in _bad():
        for match in Matcher((item,), plain=True).in_line(text):
            assert text[match.start : match.end] == match.value
            assert not re.search(r"[\s\"']", match.value), item.id


def test_every_expression_is_one_of_re2() -> None:
    for item in FORMATS:
        assert not _NOT_RE2.search(item.pattern), item.id
        assert re.compile(item.pattern).groups == item.group, item.id
        for low, high in _REPETITION.findall(item.pattern):
            assert max(int(low), int(high or 0)) <= _MOST_REPETITIONS, item.id


def test_the_check_for_re2_knows_what_re2_has_not() -> None:
    for pattern in (r"a(?=b)", r"(?<!a)b", r"(a)\1", r"(?P<n>a)(?P=n)", r"a++", r"(?>a)", r"a\Z"):
        assert _NOT_RE2.search(pattern), pattern
    for pattern in (r"\bq\.(?:a|b)\+[0-9]{3}", r"(?i:key)\\?x", r"a\\b"):
        assert not _NOT_RE2.search(pattern), pattern


def test_re2_itself_agrees_where_it_is_installed() -> None:
    library = re2_library() or re
    for item in FORMATS:
        reference, pattern = library.compile(item.pattern), re.compile(item.pattern, re.ASCII)
        for text in _texts(item, item.bad + item.good):
            assert [match.span(item.group) for match in reference.finditer(text)] == [
                match.span(item.group) for match in pattern.finditer(text)
            ], item.id


def test_long_lines_take_no_longer_than_they_are() -> None:
    slow = []
    for item in FORMATS:
        pattern, word = re.compile(item.pattern, re.ASCII), item.keywords[0]
        head = _texts(item, item.bad)[0][:-1]
        start = time.process_time()
        for line in (
            word * (_LONG // len(word)),
            word + " " * _LONG,
            f"{word}=" * (_LONG // (len(word) + 1)),
            head + "a" * _LONG,
            head + "a0." * (_LONG // 3),
        ):
            assert sum(1 for _ in pattern.finditer(line)) < _LONG
        if (taken := time.process_time() - start) > 1:
            slow.append((item.id, taken))
    assert not slow
