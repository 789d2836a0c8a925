"""The action's inputs become the same command line that a person would type."""

from __future__ import annotations

import pytest

from gitops_ci.cli.inputs import argv_of, variable
from gitops_ci.cli.parser import parse
from gitops_ci.model.errors import UsageError


def given(**inputs: str) -> dict[str, str]:
    return {variable(name.replace("_", "-")): value for name, value in inputs.items()}


CASES = [
    ("nothing", {}, ["check"]),
    ("empty means unset", given(fail_on="", path=" "), ["check"]),
    ("hyphens", given(fail_on="warning"), ["check", "--fail-on=warning"]),
    ("folder", given(working_directory="deploy", config="c.yaml"),
     ["-C", "deploy", "--config", "c.yaml", "check"]),
    ("lists", given(output="json=a b.json\r\nsarif=s", path="apps\n\nx y\n"),
     ["check", "--output=json=a b.json", "--output=sarif=s", "--", "apps", "x y"]),
    ("switches", given(fail_on_existing="TRUE", network="false"), ["check", "--fail-on-existing"]),
    ("carriage returns", given(fail_on="warning\r\n"), ["check", "--fail-on=warning"]),
    ("byte order mark", given(command="\ufeffvalidate"), ["validate"]),
    ("a value like an option", given(path="--help"), ["check", "--", "--help"]),
    ("unknown inputs are nobody's business", given(nonsense="x"), ["check"]),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "argv"), [row[1:] for row in CASES],
                         ids=[row[0] for row in CASES])  # fmt: skip
def test_command_lines(environ: dict[str, str], argv: list[str]) -> None:
    assert argv_of(environ) == argv
    assert parse(argv).entry.name in ("check", "validate")


WRONG = [
    (given(command="chekc"), "input `command`"),
    (given(network="maybe"), "input `network`: 'maybe' is neither"),
    (given(fail_on="often"), "input `fail-on`: 'often' is none of"),
]


@pytest.mark.parametrize(("environ", "words"), WRONG)
def test_errors_name_the_input(environ: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        argv_of(environ)
