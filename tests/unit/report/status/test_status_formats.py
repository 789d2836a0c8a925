"""The status in every form: complete, and hostile text does nothing in it."""

from __future__ import annotations

import html as htmllib
import json
import re
from html.parser import HTMLParser

from hypothesis import given, settings
from markdown_it import MarkdownIt

from gitops_ci.promote.status.board import Board
from gitops_ci.report.html import status as html
from gitops_ci.report.status import json_v1, markdown, text
from tests.unit.promote.words.test_words import HOSTILE
from tests.unit.report.status.samples import NOW, board

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})
LIVE = re.compile(r"(?<![\w`])@\w|(?<!\w)[#!$%~&^]\w|GH-\d|://|www\.|:[\w+-]+:")
TAGS = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
BLOCKS = re.compile(r"<(code|pre)\b.*?</\1>", re.DOTALL)
EMPTY = Board(NOW, (), ())


class Elements(HTMLParser):
    """Counts the elements and collects what would load or run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.bad: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        for name, _ in attrs:
            if name in ("src", "href", "style", "srcset", "action") or name.startswith("on"):
                self.bad.append(f"{tag} {name}")
        if tag in ("script", "link", "img", "iframe", "object", "base", "form"):
            self.bad.append(tag)


def test_the_terminal_tells_all_of_it() -> None:
    told = text.render(board())
    for part in (
        "app   dev",
        "web   1.5.0  2 h",
        "1.5.0  5 min  up to date",
        "1.3.0  9 d  behind, held",
        "prod is frozen until 2026-03-12 12:00 UTC: web",
        "[prod web] behind for 1 d: 1.5.0 waits for hold: web",
        "[prod web] held until something newer than 1.4.0: web",
        "[staging cart] ahead of its source for 3 d: `gitops-ci promote --app web` brings it back",
        "[staging cart] cluster=eu-1: 2.1.0",
        "[prod cart] cannot move: web",
        "[staging new] not here yet",
        "[dev new] not committed",
        "note: note web",
        "1 up to date, 1 behind, 1 ahead, 1 blocked, 1 held, frozen: prod",
    ):
        assert part in told


@given(HOSTILE)
def test_every_line_of_the_terminal_is_one_line(word: str) -> None:
    lines = len(text.render(board("word")).splitlines())
    assert len(text.render(board(word)).split("\n")) == lines + 1
    assert "\x1b" not in text.render(board(word))


def test_data_holds_every_cell() -> None:
    data = json.loads(json_v1.render(board("x\ud800")))
    assert [cell["state"] for cell in data["cells"]] == [
        "first", "level", "behind", "first", "ahead", "blocked", "first", "absent", "alone",
    ]  # fmt: skip
    assert data["cells"][2]["held"]["until"] == "until-newer"
    assert data["environments"][2]["frozen"]["until"] == "2026-03-12T12:00:00+00:00"
    assert json.loads(json_v1.render(EMPTY))["cells"] == []


@given(HOSTILE)
def test_hostile_text_does_nothing_in_markdown(word: str) -> None:
    word = word.strip() or "word"
    rendered = MARKDOWN.render(markdown.render(board(word)))
    harmless = MARKDOWN.render(markdown.render(board("word")))
    assert [m.group(2) for m in TAGS.finditer(rendered)] == [
        m.group(2) for m in TAGS.finditer(harmless)
    ]
    assert not LIVE.search(htmllib.unescape(TAGS.sub("", BLOCKS.sub("", rendered))))


@given(HOSTILE)
def test_a_label_of_the_graph_is_letters_and_numbers(word: str) -> None:
    graph = markdown.render(board(word)).partition("```mermaid\n")[2].partition("```")[0]
    for line in graph.splitlines()[1:4]:
        assert re.fullmatch(r'  e\d\["[A-Za-z0-9 .#;-]*"\]', line)


@settings(max_examples=50)
@given(HOSTILE)
def test_hostile_text_is_only_text_on_the_page(word: str) -> None:
    page, harmless = Elements(html.render(board(word))), Elements(html.render(board("word")))
    assert page.names == harmless.names
    assert page.bad == []


def test_the_page_loads_nothing_and_can_be_read_without_seeing_it() -> None:
    page = html.render(board())
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page
    assert '<html lang="en">' in page
    assert page.count('scope="col"') == 4
    assert page.count('scope="row"') == 3
    assert "<caption>" in page
    for word in ("behind", "ahead", "blocked", "held", "frozen", "up to date", "not here yet"):
        assert word in page


def test_nothing_to_show_is_said() -> None:
    assert "No app is found" in html.render(EMPTY)
    assert "nothing to compare" in text.render(EMPTY)
    assert "nothing to compare" in markdown.render(EMPTY)
