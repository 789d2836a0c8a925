from __future__ import annotations

import pytest

from gitops_ci.render.templating.fasttemplate import fill, flat


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{name}}", "shop"),
        ("{{ name }}-{{metadata.labels.env}}", "shop-prod"),
        ("{{unknown}}", "{{unknown}}"),
        ("{{path[1]}}", "b"),
        ("{{ .name }}", "{{ .name }}"),
        ("no braces", "no braces"),
    ],
)
def test_known_names_are_filled_in_and_others_stay(text: str, expected: str) -> None:
    parameters = {"name": "shop", "metadata": {"labels": {"env": "prod"}}, "path": ["a", "b"]}
    assert fill(text, flat(parameters)) == expected


def test_scalars_are_written_as_go_writes_them() -> None:
    assert flat({"a": True, "b": 3, "c": None}) == {"a": "true", "b": "3"}
