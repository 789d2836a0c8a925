"""The text of proposals: hostile text does nothing in it, and it never gets too long."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from gitops_ci.config.model import App, Config
from gitops_ci.promote.words.body import body
from gitops_ci.promote.words.budget import Section, assembled
from gitops_ci.promote.words.facts import Gated, Matrix, Row, Story
from gitops_ci.promote.words.links import compare_link
from gitops_ci.promote.words.rendering import (
    Environment,
    Rendering,
    Thing,
    Value,
    rendering_lines,
)
from gitops_ci.promote.words.sources import source_of
from gitops_ci.promote.words.trailers import trailers

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})
LIVE = re.compile(r"(?<![\w`])@\w|(?<!\w)[#!$%~&^]\w|GH-\d|://|www\.|:[\w+-]+:")
TAGS = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PIECES = st.sampled_from(
    ["@ada", "#12", "GH-3", "!7", "|", "\n", "```", "</code>", "<script>", "[x](y)", "**", "~~~",
     "https://evil.example", "www.evil.example", ":tada:", "`", "\\", "\u202e", "a", " ", "&lt;"]
)  # fmt: skip
HOSTILE = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map("".join))


def rendering(text: str) -> Rendering:
    things = (Thing(text, text, (Value(text, text, text),), 2), Thing(text, text))
    return Rendering((Environment(text, 1, 2, 3, 4, things),), (text,), frozenset({text}))


def story(text: str) -> Story:
    return Story(
        kind="promote",
        environment=text,
        unit=text,
        rows=(Row(text, text, text, (text, text), older=True, source=text, why=text),),
        gates=(Gated(text, is_open=False, text=text, until=NOW), Gated("soak", True, text)),
        matrix=Matrix((text,), {text: {text: text}}),
        rendering=rendering(text),
        back=("gitops-ci", "rollback", "--app", text),
        notes=(text,),
        source=text,
    )


def elements(markup: str) -> list[str]:
    return [match.group(2) for match in TAGS.finditer(markup)]


@given(HOSTILE)
def test_hostile_text_adds_no_mention_reference_or_element(text: str) -> None:
    text = text.strip() or "word"
    harmless = MARKDOWN.render(body(story("word"), NOW))
    rendered = MARKDOWN.render(body(story(text), NOW))
    assert elements(rendered) == elements(harmless)
    live = html.unescape(TAGS.sub("", CODE.sub("", rendered)))
    assert not LIVE.search(live)


@given(HOSTILE)
def test_a_trailer_is_one_line_and_names_nobody(text: str) -> None:
    for key, value in trailers(story(text), holds=(text,)):
        assert "\n" not in value
        assert len(value) <= 300
        assert not re.search(r"@\w|#\d", value), key


def test_the_whole_story_is_told() -> None:
    told = Story(
        "promote",
        "prod",
        "web",
        (
            Row("ghcr.io/org/web", "1.0.0", "1.1.0", ("a.yaml:3",), why="stands in dev"),
            Row("https://github.com/org/infra", "v1", "v2", source="https://github.com/org/infra"),
        ),
        gates=(Gated("soak", True, "stood 2d"), Gated("windows", False, "shut", NOW)),
        matrix=Matrix(("dev", "prod"), {"web": {"dev": "1.1.0"}}),
        rendering=Rendering(
            (
                Environment(
                    "prod",
                    changed=2,
                    noise=1,
                    things=(Thing("Deployment shop/web", "changed", (Value("a.b", "1", "2"),), 3),),
                ),
            ),
            ("charts/db: it needs helm",),
            frozenset({"overlays/prod"}),
        ),
        back=("gitops-ci", "rollback", "--env", "prod", "--app", "my app"),
        source="dev",
    )
    text = body(told, NOW)
    assert text.startswith("Promotes web to prod from dev.\n")
    for part in (
        '<a href="https://github.com/org/infra/compare/v1...v2">compare</a>',
        "| ✅ <code>soak</code> | stood 2d | – |",
        "| ⏳ <code>windows</code> | shut | 2026-03-01 12:00 UTC |",
        "| <code>web</code> | <code>1.1.0</code> | – |",
        "| prod | 2 | 0 | 0 | 1 |",
        (
            "* <code>Deployment shop/web</code> <code>a.b</code>: <code>1</code> → <code>2</code>"
            " and 3 more\n\n… and 1 more.\n\nNot compared:\n\n* charts/db: it needs helm"
        ),
        "rollback --env prod --app &#39;my app&#39;",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("rendering", "said"),
    [
        (None, []),
        (Rendering(), ["Nothing that can be rendered here is made of the changed files."]),
        (Rendering(roots=frozenset({"a"})), ["No rendered object differs."]),
        (Rendering(unseen=("x: broken",)), ["", "Not compared:", "", "* x: broken"]),
    ],
)
def test_a_rendering_without_a_difference(rendering: Rendering | None, said: list[str]) -> None:
    assert list(rendering_lines(rendering)) == said


def test_whole_sections_go_when_the_text_is_too_long() -> None:
    long = replace(story("x" * 100), rows=tuple(Row(f"n{i}" * 50, "1", "2") for i in range(5000)))
    text = body(long, NOW)
    assert len(text) <= 60_000
    assert "… and 4940 more." in text
    small = body(long, NOW, most=2_000)
    assert len(small) <= 2_000
    assert "To go back" in small
    assert (
        "Left out, because the text would be too long: rendered objects, environments before"
        in small
    )


def test_nothing_is_left_out_of_what_fits() -> None:
    parts = (Section("One", ("a",), 1), Section("Empty", (), 5), Section("Two", ("b",), 0))
    assert assembled(("head",), parts) == "head\n\n### One\n\na\n\n### Two\n\nb\n"


@pytest.mark.parametrize(
    ("repository", "link"),
    [
        ("https://github.com/org/app", "https://github.com/org/app/compare/v1...v2"),
        ("git@github.com:org/app.git", "https://github.com/org/app/compare/v1...v2"),
        ("ssh://git@gitlab.org.example:2222/a/b.git", "https://gitlab.org.example/a/b/-/compare/v1...v2"),
        ("https://me:secret@codeberg.org/a/b", "https://codeberg.org/a/b/compare/v1...v2"),
        ("https://git.org.example/a/b", ""),
        ("https://notgithub.org.example/a/b", ""),
        ("javascript:alert(1)//github.com", ""),
        ("https://github.com/../b", ""),
        ("ghcr.io/org/app", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_versions_are_compared_where_the_forge_is_known(repository: str, link: str) -> None:
    assert compare_link(repository, "v1", "v2") == link


def test_the_configuration_says_where_an_image_is_built() -> None:
    config = Config(apps={"web": App(repository="https://github.com/org/{app}")})
    assert source_of(config, "image", "ghcr.io/org/web", "web") == "https://github.com/org/web"
    assert source_of(config, "image", "ghcr.io/org/web", "cart") == ""
    assert source_of(config, "git", "https://github.com/org/infra", "cart").endswith("/infra")


@pytest.mark.parametrize("ref", ["", "v1", "a b", "-x", "v1..v2", "a'b", "x" * 300, "@"])
def test_only_refs_are_compared(ref: str) -> None:
    assert compare_link("https://github.com/org/app", "v1", ref) == ""
