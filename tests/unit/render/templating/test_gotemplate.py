from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.render.templating.gotemplate import TemplateError, UnknownTemplateError, render

DATA: dict[str, Any] = {
    "name": "Shop One",
    "n": 3,
    "on": True,
    "off": False,
    "path": {"path": "apps/shop", "segments": ["apps", "shop"], "basename": "shop"},
    "labels": {"env": "prod", "team-x": "a"},
    "empty": "",
    "list": ["a", "b"],
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain", "plain"),
        ("{{ .name }}", "Shop One"),
        ("{{.path.basename}}-{{ .n }}", "shop-3"),
        ("{{ index .path.segments 1 }}", "shop"),
        ('{{ index .labels "team-x" }}', "a"),
        ('{{ .name | lower | replace " " "-" }}', "shop-one"),
        ("{{ normalize .name }}", "shop-one"),
        ("{{ .missing }}", "<no value>"),
        ('{{ default "x" .missing }}', "x"),
        ('{{ .empty | default "x" }}', "x"),
        ('{{ printf "%s-%d" .path.basename .n }}', "shop-3"),
        ("{{ if .on }}yes{{ else }}no{{ end }}", "yes"),
        ("{{ if .off }}yes{{ else }}no{{ end }}", "no"),
        ('{{ if eq .labels.env "dev" }}d{{ else if eq .labels.env "prod" }}p{{ end }}', "p"),
        ("a {{- .n -}} b", "a {{- .n -}} b".replace(" {{- .n -}} ", "3")),
        ("{{ range .list }}[{{ . }}]{{ end }}", "[a][b]"),
        ("{{ with .labels }}{{ .env }}{{ $.n }}{{ end }}", "prod3"),
        ('{{ trimPrefix "apps/" .path.path | quote }}', '"shop"'),
        ("{{ and .on .n }} {{ or .off .n }} {{ not .off }}", "3 3 true"),
        ('{{ if and (eq .n 3) (hasPrefix "Shop" .name) }}ok{{ end }}', "ok"),
        ('{{ splitList "/" .path.path | last }}', "shop"),
        ("{{/* a comment */}}x", "x"),
        ("{{ `raw` }}", "raw"),
        ('{{ ternary "a" "b" .on }}', "a"),
        ("{{ .labels }}", "map[env:prod team-x:a]"),
    ],
)
def test_what_is_supported(template: str, expected: str) -> None:
    assert render(template, DATA, missing_is_error=False) == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{ $x := 1 }}{{ $x }}",
        '{{ env "HOME" }}',
        '{{ template "x" }}',
        "{{ end }}",
        "{{ .name | exec }}",
        "{{ 'single' }}",
    ],
)
def test_what_is_not_supported_is_said(template: str) -> None:
    with pytest.raises(UnknownTemplateError):
        render(template, DATA, missing_is_error=False)


@pytest.mark.parametrize(
    "template",
    [
        "{{ .missing }}",
        "{{ .name.deep }}",
        "{{ index .list 9 }}",
        "{{ if .on }}",
        "{{ int .name }}",
    ],
)
def test_what_fails_in_the_controller_fails_here(template: str) -> None:
    with pytest.raises(TemplateError):
        render(template, DATA, missing_is_error=True)


def test_growth_is_bounded() -> None:
    bomb = "{{ " + '"aaaaaaaaaa"' + ' | replace "a" "aaaaaaaaaa"' * 30 + " }}"
    with pytest.raises((TemplateError, UnknownTemplateError)):
        render(bomb, DATA, missing_is_error=False)


@given(st.text(alphabet='{}.|()"`- ifelndrawithg$naev1', max_size=50))
def test_no_template_breaks_it(template: str) -> None:
    try:
        result = render(template, DATA, missing_is_error=False)
    except (TemplateError, UnknownTemplateError) as error:
        result = str(error) or None
    assert isinstance(result, str)
