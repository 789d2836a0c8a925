"""The comment: untrusted text changes nothing of its structure, and it stays within its budget."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from gitops_ci.report.markdown import COMMENT_BUDGET, comment, sections
from gitops_ci.report.port import ReportContext
from tests.unit.report.samples import CONTEXT, USUAL, hostile, many
from tests.unit.report.test_formats import HOSTILE

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})
TAGS = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")


@given(HOSTILE)
@example("-")
@example("1.")
def test_hostile_text_adds_no_cell_row_or_element(text: str) -> None:
    """A hostile report has the same elements as the same report with a harmless word."""
    words = MARKDOWN.render(comment(hostile("word"), CONTEXT))
    rendered = MARKDOWN.render(comment(hostile(text.replace("\n", " ").strip() or "word"), CONTEXT))
    allowed = {match.group(2) for match in TAGS.finditer(words)}
    assert {match.group(2) for match in TAGS.finditer(rendered)} <= allowed
    for element in ("table", "tr", "td", "details", "h3"):
        assert rendered.count(f"<{element}") == words.count(f"<{element}")


def test_a_comment_keeps_its_budget_and_the_verdict() -> None:
    text = comment(many(25_001), ReportContext())
    assert len(text.encode()) <= COMMENT_BUDGET
    assert text.startswith("## ✗ gitops-ci check: merge blocked")
    assert "sections were left out" in text
    assert "❌ error" in text.partition("###")[2]


def test_skipped_paths_are_the_first_to_go() -> None:
    weights = [section.weight for section in sections(USUAL, CONTEXT)]
    assert weights[0] == max(weights)
    assert weights[-1] == min(weights)


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://example.com/a?b=1&c=2#L3", True),
        ("", False),
        ("javascript:alert(1)", False),
        ('https://example.com/"><script>', False),
        ("https://example.com/a b", False),
    ],
)
def test_only_addresses_are_linked(address: str, linked: bool) -> None:
    context = ReportContext(link=lambda _path, _line: address)
    text = comment(hostile("x"), context)
    assert (f'<a href="{html.escape(address)}">2</a>' in text) is linked
    assert "<script" not in text
