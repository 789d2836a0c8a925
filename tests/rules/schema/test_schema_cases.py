"""Each case is a file: `good*.yaml` stays silent, `bad*.yaml` gives exactly the lines of the
`.expected` file beside it. The Kubernetes versions are 1.36 and 1.37 unless the first line of the
case says `# kubernetes: 1.NN …`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.validate.checking import NEWEST, check, line

FOLDER = Path(__file__).parent
GOOD = sorted(FOLDER.glob("*/good*.yaml"))
BAD = sorted(FOLDER.glob("*/bad*.yaml"))
_MARK = "# kubernetes: "


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _lines(path: Path) -> list[str]:
    data = path.read_bytes()
    first = data.decode().partition("\n")[0]
    versions = first.removeprefix(_MARK).split() if first.startswith(_MARK) else NEWEST
    return [line(finding) for finding in check(data, versions)]


@pytest.mark.parametrize("path", GOOD, ids=_name)
def test_a_good_case_is_silent(path: Path) -> None:
    assert _lines(path) == []


@pytest.mark.parametrize("path", BAD, ids=_name)
def test_a_bad_case_gives_what_is_expected(path: Path) -> None:
    expected = path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert sorted(_lines(path)) == sorted(expected)


@pytest.mark.parametrize("folder", sorted(path for path in FOLDER.iterdir() if path.is_dir()))
def test_every_folder_has_a_good_and_a_bad_case(folder: Path) -> None:
    if folder.name != "__pycache__":
        assert list(folder.glob("good*.yaml"))
        assert list(folder.glob("bad*.yaml"))
