"""The audit trail in commit messages: what went where, from where, and on what evidence.

Trailers explain to people and to other tools. Nothing in gitops-ci reads them back to decide
anything: anybody who may commit can write them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.output.commands import shorten
from gitops_ci.output.markdown_text import quiet
from gitops_ci.promote.words.facts import Story

KIND = "Gitops-CI-Kind"
ENVIRONMENT = "Gitops-CI-Environment"
SOURCE = "Gitops-CI-Source"
VERSION = "Gitops-CI-Version"
EVIDENCE = "Gitops-CI-Evidence"
HOLD = "Gitops-CI-Hold"

_MOST = 100
_LONGEST = 300


def trailers(story: Story, holds: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """(key, value) lines: the kind, the environment, the source, each version as `NAME FROM TO`,
    what each open gate said, and the `holds` that the change writes."""
    return tuple((key, shorten(quiet(text), _LONGEST)) for key, text in _lines(story, holds))


def _lines(story: Story, holds: Iterable[str]) -> Iterator[tuple[str, str]]:
    yield KIND, story.kind
    if story.environment:
        yield ENVIRONMENT, story.environment
    if story.source:
        yield SOURCE, story.source
    moves = sorted({f"{row.name} {row.before or '-'} {row.after or '-'}" for row in story.rows})
    yield from ((VERSION, text) for text in moves[:_MOST])
    reasons = dict.fromkeys(row.why for row in story.rows if row.why)
    yield from ((EVIDENCE, why) for why in list(reasons)[:_MOST])
    told = (f"{gate.gate}: {gate.text}" for gate in story.gates if gate.is_open)
    yield from ((EVIDENCE, text) for text in list(told)[:_MOST])
    yield from ((HOLD, text) for text in holds)
