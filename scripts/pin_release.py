"""Make a release commit of the work tree: every action and component names the released image by
its digest, every workflow and page this repository and version. Without a version, name only the
repository in what the package itself writes, before it is built.

Usage: pin_release.py OWNER/REPOSITORY [VERSION DIGEST]
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = "OWNER/gitops-ci"
_IMAGE = re.compile(r"^(  image: )(?:\.\./\.\./)?Dockerfile(?:  #.*)?$", re.MULTILINE)
_COMPONENT = re.compile(r"ghcr\.io/OWNER/gitops-ci:\S+")
_HOME = re.compile(rf'^(HOME = ")(?:{PLACEHOLDER})(")$', re.MULTILINE)
_HOME_FILE = "gitops_ci/steps/init_files.py"
_VERSION = re.compile(r"(OWNER/gitops-ci(?:/[\w./-]+)?@)v\d+\.\d+\.\d+")


def main(words: list[str]) -> int:
    """0 when everything is pinned, 1 for wrong words."""
    if len(words) == 1:
        changes = named(ROOT, words[0])
    elif len(words) == 3 and re.fullmatch(r"sha256:[0-9a-f]{64}", words[2]):
        changes = pinned(ROOT, *words)
    else:
        print(__doc__, file=sys.stderr)
        return 1
    for path, text in changes:
        path.write_text(text, "utf-8")
        print(f"pinned {path.relative_to(ROOT)}")
    return 0


def named(root: Path, repository: str) -> Iterator[tuple[Path, str]]:
    """The module that knows where the project lives, with its new text."""
    path = root / _HOME_FILE
    before = path.read_text("utf-8")
    text = _HOME.sub(rf"\g<1>{repository}\g<2>", before)
    if text != before:
        yield path, text


def pinned(root: Path, repository: str, version: str, digest: str) -> Iterator[tuple[Path, str]]:
    """Each file that changes, with its new text. Running it twice changes nothing more."""
    yield from named(root, repository)
    image = f"ghcr.io/{repository.lower()}@{digest}"
    for path in _files(root):
        before = path.read_text("utf-8")
        text = _IMAGE.sub(rf"\g<1>docker://{image}", before)
        text = _COMPONENT.sub(image, text)
        text = _VERSION.sub(rf"\g<1>v{version}", text)
        text = text.replace(PLACEHOLDER, repository)
        if text != before:
            yield path, text


def _files(root: Path) -> Iterator[Path]:
    yield root / "action.yml"
    yield from sorted(root.glob("actions/*/action.yml"))
    yield from sorted(root.glob("templates/*/template.yml"))
    yield from sorted(root.glob(".github/workflows/*.yml"))
    yield root / "README.md"
    yield from sorted(root.glob("docs/**/*.md"))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
