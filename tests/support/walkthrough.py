"""Pages of the documentation as scripts: what a reader would type and write, in a fresh repository.

A `yaml`, `json` or `env` block stands below a line that ends with the file's path in backticks and
a colon; the file is written. A `console` block holds commands behind `$ ` and what they print. A
line `…` stands for any number of lines. Times, ages and commit ids are not compared. An HTML
comment at the top may say `repository: examples/shop` (start from a copy of it) and `needs: helm`
(a program). A comment `section needs: conftest` says so of one section, which is passed over where
the program is absent.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gitops_ci.tools.find import find_tool
from tests.support.command import gitops_ci
from tests.support.repository import Repository
from tests.support.tools import REQUIRE_ALL, ROOT, require_tool

FENCE = re.compile(r"^```(?P<kind>[a-z]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_SETTING = re.compile(r"^<!-- (?P<name>[a-z]+): (?P<value>.+) -->$", re.MULTILINE)
_SECTION = re.compile(r"^## ", re.MULTILINE)
_NEEDS = re.compile(r"^<!-- section needs: (?P<tools>.+) -->$", re.MULTILINE)
_PATH = re.compile(r"`(?P<path>[^`\s]+)`(?:(?!\n\n)[^`])*:\n\n\Z")
_VARYING = (
    (re.compile(r"\bin (?:\d+ min )?\d+(?:\.\d)? s"), "in N s"),
    (re.compile(r"\b20\d\d-\d\d-\d\d \d\d:\d\d UTC"), "TIME"),
    (re.compile(r"(?<=\()[0-9a-f]{12}(?=\))|(?<=&#40;)[0-9a-f]{12}(?=&#41;)"), "COMMIT"),
    (re.compile(r"\b(?:just now|\d+ (?:min|h|d))\b(?!-)"), "AGE"),
    (re.compile(r"(?<=\S) {2,}"), "  "),  # ages have several widths
)
"""What differs from run to run, and what stands for it."""
_EXIT = '; echo "exit $?"'
FILES = ("yaml", "json", "env")
ANY = "…"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `path` is the file that it shows, `start` where its body begins."""

    kind: str
    body: str
    path: str
    start: int
    line: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One command and what the page says that it prints."""

    command: str
    printed: str


def settings(text: str) -> dict[str, str]:
    """What the comments of a page say about how to run it."""
    return {match["name"]: match["value"] for match in _SETTING.finditer(text)}


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for match in FENCE.finditer(text):
        path = _PATH.search(text[: match.start()])
        line = text.count("\n", 0, match.start()) + 1
        name = path["path"] if path else ""
        yield Block(match["kind"], match["body"], name, match.start("body"), line)


def turns(body: str) -> list[Turn]:
    """The commands of a console block."""
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)
    assert parts[0] == "", "a console block begins with a command"
    return [Turn(part.partition("\n")[0], part.partition("\n")[2]) for part in parts[1:]]


def fresh(text: str, root: Path) -> Repository:
    """The repository in which the page begins."""
    start = settings(text).get("repository")
    if start:
        shutil.copytree(ROOT / start, root)
    repository = Repository(root)
    if start:
        repository.commit()
    return repository


def retold(text: str, repository: Repository) -> str:
    """Do what the page says and return it with what was really printed."""
    parts, end = [], 0
    for block in blocks(text):
        if not _is_played(text, block):
            continue
        if block.kind in FILES:
            repository.write({block.path: block.body})
        elif block.kind == "console":
            parts += [text[end : block.start], _played(repository, block)]
            end = block.start + len(block.body)
    return "".join([*parts, text[end:]])


def _is_played(text: str, block: Block) -> bool:
    """Whether the programs are there that the block's section needs. Where everything is required,
    an absent one fails the test."""
    section = [match.start() for match in _SECTION.finditer(text, 0, block.start)]
    needs = _NEEDS.search(text, section[-1] if section else 0, block.start)
    tools = needs["tools"].split() if needs else []
    if os.environ.get(REQUIRE_ALL) == "1":
        return all(require_tool(name) for name in tools)
    return all(find_tool(name) for name in tools)


def _played(repository: Repository, block: Block) -> str:
    shown = []
    for turn in turns(block.body):
        real = run(repository, turn.command)
        shown.append(f"$ {turn.command}\n{turn.printed if same(turn.printed, real) else real}")
    return "".join(shown)


def run(repository: Repository, command: str) -> str:
    """What a command prints; gitops-ci runs in this process, everything else in a shell."""
    told = command.endswith(_EXIT)
    words = shlex.split(command.removesuffix(_EXIT))
    if words[0] != "gitops-ci":
        identity = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in
                    (("NAME", "Ada"), ("EMAIL", "ada@example.com"))}  # fmt: skip
        done = subprocess.run(
            ["sh", "-c", command], cwd=repository.root, env={**os.environ, **identity},
            capture_output=True, check=True,
        )  # fmt: skip
        return (done.stdout + done.stderr).decode()
    ended = gitops_ci(repository.root, *words[1:])
    assert ended.code in (0, 1) or told, ended.err
    return ended.out + ended.err + (f"exit {ended.code}\n" if told else "")


def same(expected: str, real: str) -> bool:
    """Whether the output is what the page shows."""
    pattern = re.escape(_steady(expected)).replace(re.escape(f"{ANY}\n"), r"(?:.*\n)*?")
    return re.fullmatch(pattern, _steady(real)) is not None


def _steady(text: str) -> str:
    for varying, steady in _VARYING:
        text = varying.sub(steady, text)
    return text
