"""Files as people write them: every shape of YAML, mixed, and JSON. Written as text, so that what
is drawn is the way it is written and not the value alone.

Comments are numbered, so that a test can say which one is gone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

KEYS = (
    "image",
    "tag",
    "name",
    "newTag",
    "spec",
    "a-b",
    "é",
    "x.y/z",
    "replicas",
    "data",
    "🚀",
    "on",
)
WORDS = (
    "v1.2.3", "1.10", "1e3", "72044e011", "0o17", "nginx:1.25", "ghcr.io/a/b:1@sha256:ab", "yes",
    "text", "two words", "it's", 'say "hi"', "a: b", "# no comment", "é🚀", "-x", "{{ .v }}",
    "${TAG}", "~",
    "null", "2024-01-01", "", " lead", "back\\slash", "a,b", "[x]", "*", "&", "0123", "12:30",
)  # fmt: skip
BARE = (
    "v1.2.3",
    "1.10",
    "text",
    "two words",
    "nginx:1.25",
    "true",
    "7",
    "0755",
    "yes",
    "é🚀",
    "a,b",
)
FLOW_BARE = ("v1.2.3", "1.10", "text", "nginx:1.25", "true", "7", "é🚀")
_DEEPEST = 3


@dataclass(frozen=True)
class Written:
    """A generated file."""

    path: str
    data: bytes


@dataclass
class _Writer:
    draw: st.DrawFn
    scalars: list[str] = field(default_factory=list)
    mappings: list[str] = field(default_factory=list)
    count: int = 0

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def number(self) -> int:
        self.count += 1
        return self.count

    def tail(self) -> str:
        return f"{self.one(' ', '   ')}# c{self.number()}" if self.one(0, 0, 1) else ""

    def between(self, indent: str) -> list[str]:
        extra = self.one("", "", "", "", "blank", "comment")
        if extra == "comment":
            return [f"{indent}# c{self.number()}"]
        return [""] if extra else []

    def mapping(self, indent: str, depth: int) -> list[str]:
        keys = self.draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
        lines = []
        for key in keys:
            lines += self.between(indent) if lines else []
            lines += self.entry(indent, indent + self.key(key), depth)
        if self.mappings and self.one(0, 0, 0, 1):
            lines.append(f"{indent}<<: *{self.draw(st.sampled_from(self.mappings))}{self.tail()}")
        return lines

    def key(self, key: str) -> str:
        return self.one(f"{key}:", f"{key}:", f"{key}:", f'"{key}":', f"'{key}':", f"{key} :")

    def sequence(self, indent: str, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.one(1, 2, 3)):
            lines += self.between(indent) if lines else []
            if depth < _DEEPEST and self.one(0, 1):
                inner = self.mapping(indent + "  ", depth + 1)
                lines += [f"{indent}- {inner[0].lstrip(' ')}", *inner[1:]]
            else:
                lines += self.entry(indent, f"{indent}-", depth)
        return lines

    def entry(self, indent: str, head: str, depth: int) -> list[str]:
        """The lines of `key:` or `-` with its value."""
        shapes = ["plain", "plain", "single", "double", "empty", "number", "block", "folded",
                  "lines", "flow", "anchor", "tagged", "yaml"]  # fmt: skip
        shapes += ["alias"] if self.scalars else []
        shapes += ["mapping", "list"] if depth < _DEEPEST and head.endswith(":") else []
        shape = self.draw(st.sampled_from(shapes))
        if shape == "mapping":
            return self.inner_mapping(indent, head, depth)
        if shape == "list":
            deeper = indent + self.one("", "  ")
            return [head + self.tail(), *self.sequence(deeper, depth + 1)]
        if shape in ("block", "folded", "yaml"):
            return self.block(indent, head, shape, depth)
        if shape == "lines":
            return [f"{head} one", f"{indent}   two{self.tail()}"]
        return [f"{head}{self.inline(shape)}{self.tail()}"]

    def inner_mapping(self, indent: str, head: str, depth: int) -> list[str]:
        deeper = indent + self.one("  ", "    ")
        if self.one(0, 0, 1):
            name = f"m{self.number()}"
            lines = [f"{head} &{name}", *self.mapping(deeper, depth + 1)]
            self.mappings.append(name)
            return lines
        return [head + self.tail(), *self.mapping(deeper, depth + 1)]

    def inline(self, shape: str) -> str:
        if shape == "empty":
            return ""
        if shape == "alias":
            return f" *{self.draw(st.sampled_from(self.scalars))}"
        if shape == "anchor":
            name = f"s{self.number()}"
            text = f" &{name} {self.scalar(self.one('plain', 'single', 'double'), BARE)}"
            self.scalars.append(name)
            return text
        if shape == "tagged":
            return f" !!str {self.scalar(self.one('plain', 'double'), BARE)}"
        if shape == "flow":
            return " " + self.flow(0)
        return " " + self.scalar(shape, BARE)

    def scalar(self, shape: str, bare: tuple[str, ...]) -> str:
        if shape == "number":
            return str(self.one(0, 3, -7, 1.5))
        if shape == "plain":
            return str(self.draw(st.sampled_from(bare)))
        word = str(self.draw(st.sampled_from(WORDS)))
        if shape == "single":
            return "'" + word.replace("'", "''") + "'"
        return json.dumps(word, ensure_ascii=False)

    def flow(self, depth: int) -> str:
        kinds = ("plain", "single", "double", "number") + (("map", "list") if depth < 2 else ())
        if depth == 0 or (kind := self.draw(st.sampled_from(kinds))) in ("map", "list"):
            several = [self.flow(depth + 1) for _ in range(self.one(0, 1, 2, 3))]
            gap = self.one("", " ")
            if (depth and kind == "list") or (not depth and self.one(0, 1)):
                return f"[{gap}{', '.join(several)}{gap}]"
            pairs = [f"{key}: {text}" for key, text in zip(KEYS, several, strict=False)]
            return f"{{{gap}{', '.join(pairs)}{gap}}}"
        return self.scalar(kind, FLOW_BARE)

    def block(self, indent: str, head: str, shape: str, depth: int) -> list[str]:
        sign = ">" if shape == "folded" else "|"
        chomp = self.one("", "-", "+")
        deeper = indent + self.one("  ", "    ")
        if shape == "yaml":
            inner = _Writer(self.draw, count=1000 * self.number())
            body = inner.mapping("", _DEEPEST - 1)
        else:
            body = [
                *self.one(["x"], ["x", "  y", "z"], ["# text", "", "z: 1"]),
                *self.one([], [""]),
            ]
        width = self.one("", str(len(deeper) - len(indent))) if head.endswith(":") else ""
        body = [deeper + line if line else "" for line in body]
        return [f"{head} {sign}{width}{chomp}", *body]

    def document(self) -> list[str]:
        self.scalars, self.mappings = [], []
        lines = self.between("")
        return [*lines, *(self.mapping("", 0) if self.one(0, 0, 1) == 0 else self.sequence("", 0))]


@st.composite
def yaml_files(draw: st.DrawFn) -> Written:
    """One to three documents, with the line ends, the marks and the ends that files have."""
    writer = _Writer(draw)
    lines = writer.one([], [], ["---"], ["%YAML 1.1", "---"], ["# c0", "---"])
    lines = [*lines, *writer.document()]
    for _ in range(writer.one(0, 0, 1, 2)):
        lines += [writer.one("---", "---", "--- # next"), *writer.document()]
    lines += writer.one([], [], ["..."], ["", "# c999999"])
    text = "\n".join(lines) + writer.one("\n", "\n", "")
    text = text.replace("\n", writer.one("\n", "\n", "\r\n"))
    mark = writer.one(b"", b"", b"\xef\xbb\xbf")
    return Written("file.yaml", mark + text.encode())


_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-99, 99), st.sampled_from(WORDS), st.just(1.5)
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=10,
)


@st.composite
def json_files(draw: st.DrawFn) -> Written:
    """A JSON object, indented or not."""
    value = draw(st.dictionaries(st.sampled_from(KEYS), _VALUES, min_size=1, max_size=4))
    indent = draw(st.sampled_from([None, 2, "\t"]))
    text = json.dumps(value, indent=indent, ensure_ascii=draw(st.booleans()))
    text += draw(st.sampled_from(["", "\n"]))
    mark = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return Written(
        "file.json", mark + text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()
    )


def files() -> st.SearchStrategy[Written]:
    """YAML four times as often as JSON."""
    return st.one_of(yaml_files(), yaml_files(), yaml_files(), yaml_files(), json_files())
