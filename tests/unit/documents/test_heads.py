"""What the first lines tell, beside what parsing tells: a claim is never wrong."""

from __future__ import annotations

import random

import pytest

from gitops_ci.documents.heads import Head, heads_of
from gitops_ci.documents.lazy import LazySource
from gitops_ci.documents.manifests import ref_of
from gitops_ci.documents.read import read

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
CLEAR = {
    "plain": (POD, [Head("v1", "Pod")]),
    "kind first": ("kind: Job\napiVersion: batch/v1\nspec: {}\n", [Head("batch/v1", "Job")]),
    "comments and a mark": (f"# c\n---\n\n# d\n{POD}", [Head("v1", "Pod")]),
    "CRLF": (POD.replace("\n", "\r\n"), [Head("v1", "Pod")]),
    "several": (f"{POD}---\n{POD}---\n# nothing\n", [Head("v1", "Pod")] * 2),
    "nothing": ("# nothing\n---\n", []),
}
UNCLEAR = {
    "no object": "a: 1\n",
    "other order": "metadata: {}\napiVersion: v1\nkind: Pod\n",
    "quoted": 'apiVersion: "v1"\nkind: Pod\n',
    "no text": "apiVersion: v1\nkind: True\nmetadata: {}\n",
    "going on in the next line": "apiVersion: v1\nkind: Pod\n\n  two\n",
    "kind again": f"{POD}kind: List\n",
    "kind again, quoted": f'{POD}"kind": List\n',
    "kind again, anchored": f"{POD}&a kind: List\n",
    "kind again behind a CR": f"{POD}\rkind: List\n",
    "kind again behind a line separator": f"{POD}\u2028kind: List\n",
    "document without a mark": f"{POD}...\nb: 1\n",
    "mark with content": f"--- {{a: 1}}\n{POD}",
}
PIECES = (
    *(f"{line}\n" for line in POD.splitlines()),
    *("kind: List\n", "items: []\n", "---\n", "...\n", "--- |\n", "'kind': 5\n", "  more\n", "\n"),
    *("# c\n", "\r", "\x85", "? kind\n", "&a ", "<<: {kind: A}\n", "data: |\n", "%YAML 1.1\n", "["),
)


@pytest.mark.parametrize("name", CLEAR)
def test_clear(name: str) -> None:
    text, heads = CLEAR[name]
    assert list(heads_of(text.encode())) == heads


@pytest.mark.parametrize("name", UNCLEAR)
def test_unclear(name: str) -> None:
    assert None in list(heads_of(UNCLEAR[name].encode()))


def test_parsing_says_the_same() -> None:
    rng = random.Random(4)
    clear = 0
    for _ in range(2_000):
        text = POD * rng.randrange(2) + "".join(rng.choices(PIECES, k=rng.randrange(1, 8)))
        source, heads = read("a.yaml", text.encode()), list(heads_of(text.encode()))
        if source.broken or None in heads:
            continue
        clear += 1
        refs = [ref_of(document.value) for document in source.documents]
        shown = [(f"{r.group}/{r.version}".lstrip("/"), r.kind) for r in refs]
        assert shown == [(head.api_version, head.kind) for head in heads if head], text
    assert clear > 100


@pytest.mark.parametrize("text", [POD, "a: [", "a: 1\na: 2\n"])
def test_a_lazy_file_is_the_parsed_one(text: str) -> None:
    lazy, parsed = LazySource("a.yaml", text.encode()), read("a.yaml", text.encode())
    assert (lazy.path, lazy.data, lazy.broken) == (parsed.path, parsed.data, parsed.broken)
    assert (lazy.documents, lazy.problems) == (parsed.documents, parsed.problems)
