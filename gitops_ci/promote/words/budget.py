"""A text of sections that never gets too long: whole sections go, the least important first.

A forge takes about 65,000 characters and refuses or cuts what is longer; a text that is cut in the
middle of a table says something else than what was meant.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

MOST = 59_500
"""Characters of a whole text. The forge's own marker behind it needs the rest of 60,000."""


class Section(Struct, frozen=True):
    """A part with a heading. Sections of the highest `weight` are left out first."""

    title: str
    lines: tuple[str, ...]
    weight: int

    @property
    def text(self) -> str:
        """The Markdown, with an empty line in front."""
        return "\n".join(("", f"### {self.title}", "", *self.lines)) + "\n"


def assembled(head: Sequence[str], sections: Sequence[Section], most: int = MOST) -> str:
    """The head and as many of the sections as `most` characters hold, in their order; what had to
    be left out is said at the end. The head alone has to be short enough."""
    start = "\n".join(head) + "\n"
    kept = [section for section in sections if section.lines]
    shed: list[Section] = []
    while True:
        text = start + "".join(section.text for section in kept) + _told(shed)
        if _size(text) <= most or not kept:
            return text
        heaviest = max(kept, key=lambda section: section.weight)
        kept.remove(heaviest)
        shed.append(heaviest)


def _size(text: str) -> int:
    """In UTF-16 units, as the forges count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _told(shed: Sequence[Section]) -> str:
    if not shed:
        return ""
    names = ", ".join(section.title.lower() for section in shed)
    return f"\nLeft out, because the text would be too long: {names}.\n"
