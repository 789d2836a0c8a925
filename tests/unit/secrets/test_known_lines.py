from __future__ import annotations

from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.secrets.file_scan import tools_for
from gitops_ci.secrets.known_lines import KnownLines, Said
from gitops_ci.secrets.prefilter import prefilter
from gitops_ci.secrets.scan import ScanRequest, scan
from gitops_ci.secrets.source_text import SourceText
from gitops_ci.secrets.telling import Telling
from tests.secrets.matrix import positive
from tests.secrets.test_matrix import filled


class Search:
    """A search that shows every line with `!`, and keeps what it was asked to look at."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        names = frozenset({"password", "token"})
        self.lines = KnownLines(prefilter(names), names, self._shows)

    def _shows(self, text: SourceText, _words: frozenset[str]) -> bool:
        self.texts.append(text.data)
        return b"!" in text.data

    def said(self, text: str) -> Said:
        self.texts.clear()
        return self.lines.said(SourceText("v.yaml", text.encode()))


def test_a_line_is_looked_at_once() -> None:
    search = Search()
    search.said("a: 1\nb: 2\na: 1\n")
    assert search.texts == [b"a: 1\nb: 2\n"]
    search.said("b: 2\nc: 3\n")
    assert search.texts == [b"c: 3"]
    search.said("c: 3\na: 1")
    assert search.texts == []


def test_what_lines_say_is_the_same_when_they_are_known() -> None:
    search = Search()
    text = "a: 1\nToken: x1y2z3abcd\nnote: the password\n"
    first, second = search.said(text), search.said(text)
    assert first == second
    assert first.words == {"password", "token"}
    assert [line and line.telling for line in first.lines] == [
        None,
        Telling.SURELY,
        Telling.NO,
        None,
    ]


def test_lines_of_a_file_in_which_something_shows_are_looked_at_again() -> None:
    search = Search()
    for _ in range(2):
        assert search.said("a: 1\nb: !\n").shows
        assert search.texts == [b"a: 1\nb: !\n"]
    assert not search.said("a: 1\n").shows


def test_long_lines_are_not_remembered_and_much_is_searched_in_parts() -> None:
    search = Search()
    long = "x" * 1000
    search.said(long)
    search.said(long)
    assert search.texts == [long.encode()]
    search.said("\n".join(f"{number:06} {'y' * 90}" for number in range(2000)))
    assert len(search.texts) > 1
    assert all(len(text) <= 60_000 for text in search.texts)


def test_what_is_found_does_not_depend_on_what_was_searched_before() -> None:
    files = {
        f"{case.name}/{path}": text
        for case in map(filled, list(positive())[::8])
        for path, text in case.files.items()
    }
    tools_for.cache_clear()
    request = ScanRequest(Files(MemoryTree(files)))
    first = scan(request)
    assert first.findings
    assert scan(request) == first
    backwards = ScanRequest(Files(MemoryTree(dict(reversed(files.items())))))
    assert scan(backwards).findings == first.findings
