"""Every page of the documentation does what it says. UPDATE_SNAPSHOTS=1 writes what is printed."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from gitops_ci.documents.read import read
from tests.support.tools import ROOT, require_tool
from tests.support.walkthrough import FILES, blocks, fresh, retold, settings

PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    if "reference" not in path.parts
)
KINDS = (*FILES, "console", "sh", "text", "toml")
LINK = re.compile(r"(?<!!)\[[^\]\[]*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_true(page: str, tmp_path: Path) -> None:
    text = (ROOT / page).read_text("utf-8")
    for tool in settings(text).get("needs", "").split():
        require_tool(tool)
    told = retold(text, fresh(text, tmp_path / "repository"))
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        (ROOT / page).write_text(told, "utf-8")
    assert told == text


@pytest.mark.parametrize("page", PAGES)
def test_blocks_say_what_they_are(page: str) -> None:
    for block in blocks((ROOT / page).read_text("utf-8")):
        assert block.kind in KINDS, f"{page}:{block.line}"
        if block.kind in FILES:
            assert block.path, f"{page}:{block.line}: the line above names no file"
            assert read(block.path, block.body.encode()).problems == (), f"{page}:{block.line}"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    targets = [match["target"] or match["image"] for match in LINK.finditer(text)]
    dead = [
        target
        for target in targets
        if "://" not in target and not ((ROOT / page).parent / target.partition("#")[0]).exists()
    ]
    assert dead == []


def test_every_page_is_in_the_table_of_contents() -> None:
    contents = (ROOT / "docs/README.md").read_text("utf-8")
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if page != "README.md" and f"({page})" not in contents] == []
