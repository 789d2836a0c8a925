"""The invented values: the same for the same marker and seed, and right where a format checks."""

from __future__ import annotations

import pytest

from tests.support.fakes import fill


def test_a_marker_gives_the_same_value_in_one_text() -> None:
    first, second = fill("{{fake:password}} {{fake:password}}", "seed").split()
    assert first == second
    assert len(first) == 20


def test_a_number_behind_the_length_tells_values_apart() -> None:
    first, second = fill("{{fake:alnum 12}} {{fake:alnum 12 b}}", "seed").split()
    assert first != second


def test_the_seed_changes_the_value() -> None:
    assert fill("{{fake:uuid}}", "a") != fill("{{fake:uuid}}", "b")
    assert fill("{{fake:uuid}}", "a") == fill("{{fake:uuid}}", "a")


def test_markers_nest_and_are_filtered() -> None:
    assert fill("{{fake:text a:{{fake:text b}} | base64}}", "seed") == "YTpi"
    assert fill("{{fake:text abcd | half}}", "seed") == "ab"


def test_lines_go_on_in_the_column_of_the_marker() -> None:
    lines = fill("key: |\n  {{fake:pem-ec}}\n", "seed").splitlines()
    assert lines[1] == "  -----BEGIN EC PRIVATE KEY-----"
    assert lines[-1] == "  -----END EC PRIVATE KEY-----"


def test_other_braces_stay() -> None:
    text = "{{ .Values.password }} ${{ secrets.TOKEN }} {{fake}}"
    assert fill(text, "seed") == text


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        fill("{{fake:nothing}}", "seed")
