"""Every edge case of the list: the expected difference, or the expected refusal."""

from __future__ import annotations

import pytest

from tests.unit.repo.sites.support import case_names, play, read_case


@pytest.mark.parametrize("name", case_names())
def test_case(name: str) -> None:
    case = read_case(name)
    assert play(case) == case.expected
