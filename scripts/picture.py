"""A picture of a report: text with terminal colours as an SVG that reads on any page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from scripts.demo import AUTHOR, BAD_CHANGE, ROOT, SHOP

_WIDTH, _LINE, _PAD, _ADVANCE = 100, 19, 18, 7.83
_STYLES = {"1": "b", "2": "d", "1;31": "r", "1;33": "y", "1;32": "g", "1;34": "n", "36": "c"}
_SECONDS = re.compile(r" in (?:\d+ min )?\d+(?:\.\d)? s")
_CODE = re.compile("\x1b" + r"\[([0-9;]*)m")
_CSS = """\
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d8dee6;white-space:pre}
.b{font-weight:700;fill:#fff}.d{fill:#8b95a3}.r{font-weight:700;fill:#ff7b72}
.y{font-weight:700;fill:#e3b341}.g{font-weight:700;fill:#56d364}
.n{font-weight:700;fill:#79c0ff}.c{fill:#56d4dd}"""


def check_picture() -> str:
    """The picture of the demo's bad change: real output, without the time that it took."""
    command = "gitops-ci check --changed-since main"
    return svg(f"\x1b[2m$\x1b[0m \x1b[1m{command}\x1b[0m\n\n{bad_change(*command.split()[1:])}")


def bad_change(*words: str) -> str:
    """What `gitops-ci WORDS` prints in the example repository with the demo's bad change, without
    the time that it took."""
    with tempfile.TemporaryDirectory(prefix="gitops-ci-picture-") as folder:
        shop = Path(folder) / "shop"
        shutil.copytree(SHOP, shop)
        _git(shop, "init", "-q", "-b", "main")
        _git(shop, "add", "--all")
        _git(shop, *AUTHOR, "commit", "-q", "-m", "the shop")
        _git(shop, "apply", str(BAD_CHANGE))
        argv = [sys.executable, "-m", "gitops_ci", *words]
        environ = {"PATH": os.environ["PATH"], "FORCE_COLOR": "1", "PYTHONPATH": str(ROOT)}
        environ |= {"HOME": folder, "COLUMNS": str(_WIDTH)}
        done = subprocess.run(argv, cwd=shop, env=environ, capture_output=True, check=False)
    return _SECONDS.sub("", done.stdout.decode("utf-8"))


def _git(folder: Path, *words: str) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder.parent)}
    subprocess.run(["git", *words], cwd=folder, env=environ, check=True)


def svg(text: str) -> str:
    """The SVG of `text`; its colours are those of output/colour.py."""
    lines = text.rstrip("\n").split("\n")
    columns = max(len(_CODE.sub("", line)) for line in lines)
    width, height = round(columns * _ADVANCE) + 2 * _PAD, len(lines) * _LINE + 2 * _PAD
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="a report">',
        f"<style>{_CSS}</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#161b22" stroke="#3d444d"/>',
    ]
    for number, line in enumerate(lines):
        if line:
            at = f'x="{_PAD}" y="{_PAD + 13 + number * _LINE}"'
            rows.append(f'<text {at} xml:space="preserve">{_spans(line)}</text>')
    return "\n".join([*rows, "</svg>\n"])


def _spans(line: str) -> str:
    """One line with its codes as styled spans."""
    result, style = [], ""
    parts = _CODE.split(line)
    for text, code in zip(parts[::2], [*parts[1::2], ""], strict=True):
        shown = escape(text, quote=False)
        result.append(f'<tspan class="{style}">{shown}</tspan>' if style and text else shown)
        style = _STYLES.get(code, "")
    return "".join(result)
