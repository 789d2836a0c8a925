"""One tag changed in each real file that has one: how many lines differ, and what it costs."""

from __future__ import annotations

import difflib
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import editors
from bench.edited import Wish, wishes
from bench.editors import Editor


@dataclass(frozen=True, slots=True)
class Score:
    """What became of the files: `extra` are the lines that differ beyond the one, `errors` the
    files that the editor could not do; `seconds` is CPU time."""

    files: int
    exact: int
    extra: int
    errors: int
    seconds: float


def compare(corpora: Path, scratch: Path) -> Iterator[str]:
    """The table, in Markdown."""
    wanted = list(wishes(corpora))
    lists = [wish for wish in wanted if wish.site.kind == "kustomize-images"]
    yield "| editor | files | one line changed | share | further lines | errors | per file |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    yield _row("gitops-ci", score(editors.gitops_ci, wanted))
    yield _row("ruamel.yaml round trip, tuned", _tuned(wanted))
    yq = editors.find_yq(scratch)
    yield _row("yq (mikefarah)", score(editors.yq(yq), wanted) if yq else None)
    yield _row("PyYAML load and dump", score(editors.pyyaml, wanted))
    kustomize = editors.find_kustomize()
    yield _row("gitops-ci, kustomizations", score(editors.gitops_ci, lists))
    edited = score(editors.kustomize(kustomize), lists) if kustomize else None
    yield _row("`kustomize edit set image`, kustomizations", edited)


def _tuned(wanted: Sequence[Wish]) -> Score | None:
    """The better of two list indents; None where ruamel.yaml is not installed."""
    try:
        tuned = [score(editors.ruamel(offset), wanted) for offset in (0, 2)]
    except ImportError:
        return None
    return max(tuned, key=lambda item: item.exact)


def score(editor: Editor, wanted: Sequence[Wish]) -> Score:
    """The editor's score over the files."""
    exact = extra = errors = 0
    spent = 0.0
    for wish in wanted:
        start = _cpu()
        try:
            after = editor(wish)
        except Exception:
            errors += 1
            continue
        finally:
            spent += _cpu() - start
        lines = changed_lines(wish.source.data, after)
        exact += lines == 1
        extra += max(0, lines - 1)
    return Score(len(wanted), exact, extra, errors, spent)


def changed_lines(before: bytes, after: bytes) -> int:
    """How many lines differ."""
    matcher = difflib.SequenceMatcher(
        None, before.splitlines(keepends=True), after.splitlines(keepends=True), autojunk=False
    )
    return sum(
        max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"
    )


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _row(name: str, found: Score | None) -> str:
    if found is None:
        return f"| {name} | not here | | | | | |"
    share = f"{100 * found.exact / max(found.files, 1):.1f} %"
    cost = f"{1000 * found.seconds / max(found.files, 1):.2f} ms"
    return (
        f"| {name} | {found.files:,} | {found.exact:,} | {share} | {found.extra:,} "
        f"| {found.errors:,} | {cost} |"
    )
