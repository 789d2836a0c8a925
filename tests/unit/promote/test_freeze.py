"""Freezes: plain text, entries, a variable; and how the file is edited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gitops_ci.documents.read import read
from gitops_ci.forge.files import changed_files
from gitops_ci.model.change import FileEdit
from gitops_ci.model.errors import UsageError
from gitops_ci.promote.freeze import Freeze, Freezes, read_freeze, read_variable
from gitops_ci.promote.freeze_edits import with_freeze, without_freeze

PATH = ".gitops-ci/FREEZE"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KNOWN = ("dev", "staging", "prod")


def frozen(freezes: Freezes, now: datetime = NOW) -> list[str]:
    return [name for name in KNOWN if freezes.frozen(name, now)]


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("", KNOWN, ""),
        ("the sale", KNOWN, "the sale"),
        ("Black Friday: nothing moves\n", KNOWN, "Black Friday: nothing moves"),
        ("- one\n- two\n", KNOWN, "- one - two"),
        ("a: [\n", KNOWN, "a: ["),
        ("\ufffd\x00", KNOWN, None),
        ("prod", ("prod",), ""),
        ("prod, staging\n", ("staging", "prod"), ""),
        ("- environment: prod\n  reason: sale\n", ("prod",), "sale"),
        ("environment: [dev, prod]\n", ("dev", "prod"), ""),
        ("- environment: 'pro*'\n", ("prod",), ""),
        ("reason: all of it\n", KNOWN, "all of it"),
        ("{environment: prod, until: 2026-03-01}", ("prod",), ""),
        ("{environment: prod, until: 2026-02-28}", (), None),
        ("- {environment: dev}\n- {environment: prod, until: 2027-01-01}", ("dev", "prod"), ""),
    ],
)  # fmt: skip
def test_what_the_file_freezes(text: str, where: tuple[str, ...], reason: str | None) -> None:
    freezes = read_freeze(PATH, text.encode(), KNOWN)
    assert frozen(freezes) == list(where)
    assert not freezes.findings
    if reason is not None:
        assert freezes.items[0].reason == reason


def test_no_file_freezes_nothing() -> None:
    assert read_freeze(PATH, None) == Freezes()


def test_a_freeze_ends() -> None:
    freezes = read_freeze(PATH, b"until: 2026-03-01T13:00:00Z\n")
    assert frozen(freezes) == list(KNOWN)
    assert frozen(freezes, NOW + timedelta(hours=1)) == []


@pytest.mark.parametrize(
    ("text", "line", "words", "where"),
    [
        ("environment: prdo\n", 1, "no environment 'prdo'", ()),
        ("- environment: prod\n  until: someday\n", 2, "'someday' is no date", ("prod",)),
        ("environment: prod\nreasn: x\n", 2, "unknown key 'reasn'", ("prod",)),
        ("environment: {prod: true}\n", 1, "has to be a text or a list", KNOWN),
    ],
)
def test_faults_are_findings_and_freeze_no_less(
    text: str, line: int, words: str, where: tuple[str, ...]
) -> None:
    freezes = read_freeze(PATH, text.encode(), KNOWN)
    (finding,) = freezes.findings
    assert words in finding.message
    assert finding.location.line == line
    assert frozen(freezes) == list(where)


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (None, ()),
        ("", ()),
        ("false", ()),
        (" No ", ()),
        ("0", ()),
        ("true", KNOWN),
        ("1", KNOWN),
        ("prod", ("prod",)),
        ("the sale", KNOWN),
        ("{environment: prod, until: 2026-02-01}", ()),
    ],
)
def test_what_the_variable_freezes(value: str | None, where: tuple[str, ...]) -> None:
    assert frozen(read_variable("GITOPS_CI_FREEZE", value, KNOWN)) == list(where)


def after(text: str | None, edits: tuple[FileEdit, ...]) -> str | None:
    data = None if text is None else text.encode()
    files = changed_files(edits, lambda _path: data)
    if not files:
        return text
    return None if files[0].after is None else files[0].after.decode()


def test_a_freeze_is_announced_and_lifted() -> None:
    prod = Freeze(("prod",), "sale", "ada", NOW)
    text = after(None, with_freeze(PATH, None, prod))
    assert text == (
        '- environment: prod\n  reason: sale\n  by: ada\n  until: "2026-03-01T12:00:00Z"\n'
    )
    source = read(PATH, text.encode())
    assert with_freeze(PATH, source, prod) == ()
    both = after(text, with_freeze(PATH, source, Freeze(("dev",), "too")))
    assert both is not None
    assert frozen(read_freeze(PATH, both.encode()), NOW - timedelta(days=1)) == ["dev", "prod"]
    edits, going = without_freeze(PATH, read(PATH, both.encode()), ["dev"])
    assert after(both, edits) == text
    assert [item.environments for item in going] == [("dev",)]
    edits, _ = without_freeze(PATH, source, ["prod"])
    assert after(text, edits) is None


def test_what_is_frozen_is_not_frozen_again() -> None:
    source = read(PATH, b"the sale\n")
    assert with_freeze(PATH, source, Freeze(("prod",), "x")) == ()
    assert without_freeze(PATH, None, ["prod"]) == ((), ())


def test_part_of_a_freeze_is_not_lifted() -> None:
    for text in (b"the sale\n", b"- environment: [dev, prod]\n"):
        with pytest.raises(UsageError, match="prod is frozen together"):
            without_freeze(PATH, read(PATH, text), ["prod"])
    edits, _ = without_freeze(PATH, read(PATH, b"the sale\n"), [])
    assert after("the sale\n", edits) is None
