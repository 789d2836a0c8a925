"""The names under which the jobs of a matrix appear as checks.

docs.github.com "Running variations of jobs in a workflow": each combination of the values is a job,
called after them in the order of the axes, unless its name is an expression.
"""

from __future__ import annotations

from itertools import islice, product
from typing import Any

from gitops_ci.model.regex import regex

_MOST = 256
"""Jobs of one matrix at most."""
_VALUE = regex(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")


def names_of(key: str, job: dict[str, Any]) -> tuple[str, ...]:
    """The names of the jobs that the entry `key` of a workflow becomes. A matrix that is computed,
    or has more than lists of values, is taken for a single job."""
    name = job.get("name")
    shown = name if isinstance(name, str) else key
    return tuple(dict.fromkeys(_named(shown, row) for row in _rows(job))) or (shown,)


def _named(shown: str, row: dict[str, str]) -> str:
    if "${{" in shown:
        return _VALUE.sub(lambda found: row.get(found[1], ""), shown)
    return f"{shown} ({', '.join(row.values())})"


def _rows(job: dict[str, Any]) -> list[dict[str, str]]:
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else None
    if not isinstance(matrix, dict) or not {"include", "exclude"}.isdisjoint(matrix):
        return []
    axes = [_axis(values) for values in matrix.values()]
    if not axes or not all(axes):
        return []
    return [dict(zip(matrix, row, strict=True)) for row in islice(product(*axes), _MOST)]


def _axis(values: Any) -> list[str]:
    """The values as text; empty unless all of them are plain."""
    if not isinstance(values, list) or not all(isinstance(item, str | int) for item in values):
        return []
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in values]
