from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.diff.model import (
    ABSENT,
    MASK,
    Difference,
    EnvironmentChange,
    Kind,
    Noise,
    ObjectChange,
    Unseen,
    ValueChange,
)
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.span import Location, Span
from gitops_ci.report.diff import json_v1, markdown, text
from tests.support.command_parser import commands_in

LINE = Location("apps/web/kustomization.yaml", Span(0, 1, 7, 3, 7, 4))


def difference(*values: ValueChange, protected: bool = True) -> Difference:
    ref = ObjectRef("apps", "v1", "Deployment", "shop", "web")
    change = ObjectChange(Kind.CHANGED, ref, ("prod/eu", "prod/us"), values)
    return Difference("aaa", "bbb", (EnvironmentChange("prod", (change,), protected),))


class TestText:
    def test_values_stand_with_the_line_that_sets_them(self) -> None:
        shown = text.render(difference(ValueChange("spec.replicas", 1, 2, None, LINE)))
        assert shown == (
            "prod (protected)\n"
            "  ~ Deployment shop/web  prod/eu and 1 other root\n"
            "      @@ spec.replicas  (apps/web/kustomization.yaml:7)\n"
            "      - 1\n"
            "      + 2\n"
            "\n"
            "aaa → bbb: prod: 1 changed\n"
        )

    def test_texts_of_several_lines_are_compared_by_line(self) -> None:
        before = "a\nb\nc\nd\ne\nf\n"
        shown = text.render(difference(ValueChange("data.x", before, before.replace("f", "g"))))
        assert "        d\n        e\n      - f\n      + g\n" in shown
        assert "- a" not in shown

    def test_a_masked_value_says_that_it_is_another_one(self) -> None:
        shown = text.render(difference(ValueChange("data.x", MASK, MASK)))
        assert "- ***\n      + *** (another value)" in shown

    def test_noise_is_counted(self) -> None:
        noise = ValueChange("x", "1", "2", Noise.CHECKSUM)
        assert "1 further difference: checksum" in text.render(
            difference(ValueChange("y", 1, 2), noise)
        )
        assert "· 1 only in checksums or generated names" in text.render(difference(noise))

    def test_nothing_and_the_unseen_are_said(self) -> None:
        shown = text.render(Difference("a", "b", (), (Unseen("apps/x", "remote-base"),)))
        assert shown.endswith(
            "! apps/x: not compared, remote-base\na → b: no rendered object differs\n"
        )


class TestJson:
    def test_absent_sides_have_no_key(self) -> None:
        document = json.loads(
            json_v1.render(difference(ValueChange("x", ABSENT, None, None, LINE)))
        )
        (environment,) = document["environments"]
        (value,) = environment["objects"][0]["values"]
        assert value == {
            "change": "added",
            "path": "x",
            "after": None,
            "source": {"path": "apps/web/kustomization.yaml", "line": 7},
        }
        assert environment["summary"] == {"added": 0, "removed": 0, "changed": 1, "noise": 0}


class TestMarkdown:
    def test_the_fence_is_longer_than_what_it_holds(self) -> None:
        shown = markdown.render(difference(ValueChange("x", "a", "````\n</details>\n# big\n")))
        assert "\n`````diff\n" in shown

    def test_whole_objects_go_when_it_gets_too_long(self) -> None:
        many = difference(ValueChange("x", "a", "b" * 3_000))
        ref = ObjectRef("", "v1", "ConfigMap", "shop", "small")
        small = ObjectChange(Kind.CHANGED, ref, ("r",), (ValueChange("y", 1, 2),))
        environment = EnvironmentChange("dev", (small, *many.environments[0].objects))
        shown = markdown.render(Difference("a", "b", (environment,)), 1_500)
        assert len(shown.encode()) <= 1_500
        assert "small" in shown
        assert "bbbb" not in shown
        assert "left out" in shown


_hostile = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["::error::x", "##[add-mask]x", "@team #1", "```\n@all\n```", "<img src=x>", "\x1b[31m", "a\rb"]
)


@given(_hostile, _hostile, _hostile)
def test_hostile_text_is_no_command_and_no_structure(path: str, before: str, after: str) -> None:
    ref = ObjectRef("", "v1", before, after, path)
    changed = ObjectChange(Kind.CHANGED, ref, (path,), (ValueChange(path, before, after),))
    added = ObjectChange(Kind.ADDED, ref, (path,), document={path: before})
    shown = Difference(
        "a", "b", (EnvironmentChange(path, (changed, added)),), (Unseen(path, after),)
    )
    assert commands_in(text.render(shown)) == []
    rendered = markdown.render(shown)
    outside = _outside_fences(rendered)
    assert "@" not in outside.replace("&#64;", "")
    assert "<img" not in outside
    json.loads(json_v1.render(shown))


def _outside_fences(markdown_text: str) -> str:
    kept, fence = [], ""
    for line in markdown_text.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.removesuffix("diff")
        else:
            kept.append(line)
    assert not fence
    return "\n".join(kept)
