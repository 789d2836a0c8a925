"""Untrusted text in Markdown shows as it is and does nothing."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from gitops_ci.output.markdown_text import code, prose, quiet
from gitops_ci.output.terminal import visible
from tests.unit.report.test_formats import HOSTILE

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})
LIVE = re.compile(r"(?<![\w`])@\w|(?<!\w)[#!$%~&^]\w|GH-\d|://|www\.|:[\w+-]+:")
TAGS = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")

SAMPLES = [
    "plain text",
    "@octocat and @org/team",
    "fixes #123, GH-7, org/repo#5, !9, ~label, %milestone, &3, ^alert",
    "<script>alert(1)</script> &lt; &amp;",
    "[x](https://evil.example) ![y](z) https://evil.example www.evil.example",
    "a|b `c` ```\n**d** __e__ ~~f~~ \\| \\`",
    "$x$ :tada: a@b.example",
    "</details></table><!-- -->",
    "| - | \n|---|",
]


def text_of(markup: str) -> str:
    """The words of rendered HTML, without the breaks that keep references dead."""
    return html.unescape(TAGS.sub("", markup)).replace("\u200b", "")


@pytest.mark.parametrize("sample", SAMPLES)
def test_prose_shows_the_text_and_nothing_else(sample: str) -> None:
    rendered = MARKDOWN.renderInline(prose(sample))
    assert text_of(rendered).split() == visible(sample).split()
    assert not TAGS.search(rendered)
    assert not LIVE.search(html.unescape(rendered))


@given(HOSTILE)
def test_prose_never_builds_structure(text: str) -> None:
    rendered = MARKDOWN.renderInline("x " + prose(text) + " x")
    assert not TAGS.search(rendered)
    assert not LIVE.search(html.unescape(rendered))


@given(HOSTILE)
def test_code_is_one_code_element(text: str) -> None:
    rendered = MARKDOWN.renderInline(code(text))
    assert [match.group() for match in TAGS.finditer(rendered)] == ["<code>", "</code>"]
    assert "|" not in code(text)


@given(HOSTILE)
def test_a_quiet_title_names_nobody_and_refers_to_nothing(text: str) -> None:
    assert not LIVE.search(quiet(text))
    assert "\n" not in quiet(text)
