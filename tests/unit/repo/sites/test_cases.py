"""Every edge case of the list: the expected difference, or the expected refusal."""

from __future__ import annotations

import re

import pytest

from tests.unit.repo.sites.support import CASES, case_names, outcome_of, play, read_case

NUMBERED = re.compile(r"(?:yaml|ref|tool)-\d\d")


@pytest.mark.parametrize("name", case_names())
def test_case(name: str) -> None:
    case = read_case(name)
    assert play(case) == case.expected


def test_the_table_tells_of_every_edge_and_its_cases() -> None:
    rows = dict(re.findall(r"^\| (\S+) \| .* \| (.*) \|$", (CASES / "README.md").read_text(), re.M))
    edges = [row for row in rows if NUMBERED.fullmatch(row)]
    assert [int(edge[-2:]) for edge in edges] == list(range(1, 57))
    for edge in edges:
        mine = [name for name in case_names() if name.startswith(f"{edge}-")]
        told = [f"`{name}` ({outcome_of(read_case(name))})" for name in mine]
        assert rows[edge] == ", ".join(told), f"the table of cases is stale: {edge}"
        assert mine
