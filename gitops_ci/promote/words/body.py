"""The whole text of a proposal, for bump, promote and rollback alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gitops_ci.output.markdown_text import code, prose
from gitops_ci.promote.words.budget import MOST, Section, assembled
from gitops_ci.promote.words.facts import Row, Story
from gitops_ci.promote.words.rendering import rendering_lines
from gitops_ci.promote.words.tables import (
    change_table,
    command,
    gate_table,
    matrix_table,
)

_VERBS = {"bump": "Bumps", "promote": "Promotes", "rollback": "Rolls back"}
_MOST_NOTES = 20


def body(story: Story, now: datetime | None = None, most: int = MOST) -> str:
    """Markdown of at most `most` characters. Whatever comes from the repository, a registry or
    people shows as it is and does nothing: no mention, no reference, no HTML."""
    return assembled(tuple(_head(story)), _sections(story, now), most)


def _head(story: Story) -> Iterator[str]:
    word = "to" if story.kind == "promote" else "in"
    where = f" {word} {prose(story.environment, 100)}" if story.environment else ""
    source = f" from {prose(story.source, 100)}" if story.source else ""
    verb = _VERBS.get(story.kind, story.kind.capitalize())
    yield f"{verb} {prose(story.unit, 100)}{where}{source}."
    for note in story.notes[:_MOST_NOTES]:
        yield ""
        yield prose(note)


def _sections(story: Story, now: datetime | None) -> tuple[Section, ...]:
    """In the order in which they are read. Lines that go first weigh most."""
    back = (command(story.back),) if story.back else ()
    return (
        Section("Changes", tuple(change_table(story.rows)), 1),
        Section("Gates", tuple(gate_table(story.gates, now)), 2),
        Section("Environments before", tuple(matrix_table(story.matrix)), 4),
        Section("Rendered objects", tuple(rendering_lines(story.rendering)), 5),
        Section("Where it comes from", tuple(_reasons(story.rows)), 3),
        Section("To go back", back, 0),
    )


def _reasons(rows: tuple[Row, ...]) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row.why:
            reasons.setdefault(row.why, []).append(row.name)
    for why, names in list(reasons.items())[:_MOST_NOTES]:
        shown = ", ".join(code(name, 100) for name in dict.fromkeys(names[:5]))
        yield f"* {shown}: {prose(why)}"
