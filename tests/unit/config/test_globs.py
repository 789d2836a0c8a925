"""Globs: the table of gitignore's rules, and a slow matcher that has to agree."""

from __future__ import annotations

import subprocess
import time
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.config.globs import Globs, PatternError, matches, name_matches

MATCHING = [
    ("vendor/**", "vendor/a/b.yaml"),
    ("vendor/**", "vendor/a"),
    ("vendor", "vendor/a/b.yaml"),
    ("vendor", "apps/vendor/b.yaml"),
    ("vendor/", "apps/vendor/b.yaml"),
    ("/vendor", "vendor/x"),
    ("**/ingress*.yaml", "ingress.yaml"),
    ("**/ingress*.yaml", "a/b/ingress-web.yaml"),
    ("**/crds/**", "crds/a.yaml"),
    ("**/crds/**", "x/y/crds/z/a.yaml"),
    ("values*.yaml", "charts/web/values-prod.yaml"),
    ("a/**/b", "a/b"),
    ("a/**/b", "a/x/y/b"),
    ("a/**/b/**/c", "a/b/x/b/c"),
    ("**", "a"),
    ("**/**", "a/b"),
    ("**/a/**/**/b", "x/a/b"),
    ("a/*/c", "a/b/c"),
    ("a/*/c", "a/b/c/d"),
    ("a?c", "abc"),
    ("[a-c]x", "bx"),
    ("[!a-c]x", "dx"),
    ("[]]x", "]x"),
    ("[a-]x", "-x"),
    ("[--0]x", ".x"),
    (r"\*x", "*x"),
    ("a*b*c", "aXbXbXc"),
    ("a\nb", "a\nb"),
]
SILENT = [
    ("vendor/**", "vendor"),
    ("vendor/", "vendor"),
    ("/vendor", "apps/vendor"),
    ("**/ingress*.yaml", "ingress/a.yml"),
    ("a/*/c", "a/c"),
    ("a/*/c", "a/b/b/c"),
    ("a?c", "a/c"),
    ("[!a]x", "/x"),
    ("a*c", "a/c"),
    (r"\*x", "ax"),
    ("a", "ab"),
    ("a.c", "abc"),
    ("**/a/**/b", "a/c"),
]


@pytest.mark.parametrize(("pattern", "path"), MATCHING)
def test_matches(pattern: str, path: str) -> None:
    assert matches(pattern, path)


@pytest.mark.parametrize(("pattern", "path"), SILENT)
def test_does_not_match(pattern: str, path: str) -> None:
    assert not matches(pattern, path)


def test_git_says_the_same(tmp_path: Path) -> None:
    run = partial(subprocess.run, cwd=tmp_path, capture_output=True, text=True)
    run(["git", "init", "--quiet"], check=True)
    excludes = tmp_path / "excludes"
    paths = sorted({path for _, path in MATCHING + SILENT if path.isprintable() and path[0] != "/"})
    command = [
        "git",
        "-c",
        f"core.excludesFile={excludes}",
        "check-ignore",
        "--no-index",
        "--stdin",
    ]
    for glob in sorted({glob for glob, _ in MATCHING + SILENT if glob.isprintable()}):
        excludes.write_text(f"{glob}\n")
        ignored = run(command, input="\n".join(paths)).stdout.splitlines()
        assert ignored == [path for path in paths if matches(glob, path)], glob


@pytest.mark.parametrize("pattern", ["", "/", "[a", "a\\", "[z-a]"])
def test_refuses_what_means_nothing(pattern: str) -> None:
    with pytest.raises(PatternError):
        matches(pattern, "a")


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*", "ghcr.io/org/app", True),
        ("ghcr.io/org/*", "ghcr.io/org/a/b", True),
        ("ghcr.io/org/app*", "ghcr.io/org/application", True),
        ("ghcr.io/org/app", "ghcr.io/org/app2", False),
        ("*-tls", "web-tls", True),
        ("*-tls", "web-tls-2", False),
    ],
)
def test_name_globs_cross_slashes(pattern: str, name: str, *, expected: bool) -> None:
    assert name_matches(pattern, name) is expected


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        (["vendor/**", "!vendor/ours/**"], "vendor/ours/a", False),
        (["vendor/**", "!vendor/ours/**"], "vendor/theirs/a", True),
        (["!a", "a"], "a", True),
        ([], "a", False),
    ],
)
def test_the_last_matching_glob_decides(patterns: list[str], path: str, *, expected: bool) -> None:
    assert Globs.of(patterns).match(path) is expected


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 40 + "b", "a" * 4000),
        ("**/a/" * 20 + "b", "a/" * 1000 + "c"),
        ("**/*a*a*a*b/**/c", "/".join(["a" * 200] * 50)),
    ],
)
def test_hostile_input_costs_little(pattern: str, path: str) -> None:
    start = time.process_time()
    assert not matches(pattern, path)
    assert time.process_time() - start < 2


def oracle(pattern: str, path: str) -> bool:
    """The rules read aloud: try everything."""
    anchored = "/" in pattern.rstrip("/")
    parts = pattern.strip("/").split("/")
    if not anchored:
        parts = ["**", *parts]
    names = path.split("/")
    ends = range(1, len(names)) if pattern.endswith("/") else range(1, len(names) + 1)
    return any(_segments(parts, names[:end]) for end in ends)


def _segments(parts: list[str], names: list[str]) -> bool:
    if not parts:
        return not names
    if parts[0] == "**":
        if len(parts) == 1:
            return bool(names)
        return any(_segments(parts[1:], names[n:]) for n in range(len(names) + 1))
    return bool(names) and _text(parts[0], names[0]) and _segments(parts[1:], names[1:])


def _text(part: str, name: str) -> bool:
    if not part:
        return not name
    if part[0] == "*":
        return any(_text(part[1:], name[n:]) for n in range(len(name) + 1))
    return bool(name) and part[0] in ("?", name[0]) and _text(part[1:], name[1:])


segment = st.text("ab*?", min_size=1, max_size=4).filter(lambda text: "**" not in text)
pattern = st.lists(segment | st.just("**"), min_size=1, max_size=5).map("/".join)


@given(
    pattern,
    st.sampled_from(["", "/"]),
    st.sampled_from(["", "/"]),
    st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=5).map("/".join),
)
def test_agrees_with_the_slow_matcher(text: str, lead: str, trail: str, path: str) -> None:
    whole = lead + text + trail
    assert matches(whole, path) == oracle(whole, path)
