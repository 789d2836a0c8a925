"""The demo knows which line its bad change writes, and believes only the expected verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.demo import BAD_CHANGE, SHOP, changed_line, verdict

DIFF = """\
--- a/apps/web.yaml
+++ b/apps/web.yaml
@@ -10,5 +10,5 @@ kind: Deployment
 spec:
   selector: {}
-  replicas: 2
+  replica: 2
 # end
"""


def test_the_number_of_the_added_line() -> None:
    assert changed_line(DIFF) == ("apps/web.yaml", 12)


def test_a_change_that_adds_nothing_is_no_bad_change() -> None:
    with pytest.raises(ValueError, match="adds no line"):
        changed_line(DIFF.replace("+  replica: 2\n", ""))


@pytest.mark.parametrize(
    ("good", "bad", "shift", "code"),
    [
        (0, 1, 0, 0),
        (1, 1, 0, 1),
        (3, 1, 0, 1),
        (0, 0, 0, 1),
        (0, 2, 0, 1),
        (0, 70, 0, 1),
        (0, 1, 1, 1),
    ],
)
def test_the_verdict(tmp_path: Path, good: int, bad: int, shift: int, code: int) -> None:
    path, line = changed_line(BAD_CHANGE.read_text("utf-8"))
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"findings": [{"path": path, "line": line + shift}]}), "utf-8")
    assert verdict(good, bad, report) == code


def test_the_bad_change_fits_the_shop() -> None:
    path, line = changed_line(BAD_CHANGE.read_text("utf-8"))
    removed = [row[1:] for row in BAD_CHANGE.read_text("utf-8").splitlines() if row[:2] == "- "]
    assert (SHOP / path).read_text("utf-8").splitlines()[line - 1] == removed[0]
