"""Long documents are shortened by whole sections, never in the middle of one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Section(Struct, frozen=True):
    """A part of a document that makes sense alone. Those with the lowest `weight` go first, the
    later of two equals before the earlier."""

    text: str
    weight: int = 0


def fit(sections: Sequence[Section], budget: int, notice: str) -> str:
    """The sections, joined by empty lines, in at most `budget` bytes of UTF-8.

    When some had to go, `notice` stands at the end, with `{count}` replaced by their number. If
    not even the notice fits, the result is empty.
    """
    sizes = [_size(section.text) + 2 for section in sections]
    kept = set(range(len(sections)))
    order = sorted(kept, key=lambda index: (sections[index].weight, -index))
    total = sum(sizes)
    reserve = _size(notice) + 20
    for index in order:
        if total <= (budget if len(kept) == len(sections) else budget - reserve):
            break
        kept.remove(index)
        total -= sizes[index]
    parts = [section.text for index, section in enumerate(sections) if index in kept]
    left = len(sections) - len(kept)
    if left:
        parts.append(notice.replace("{count}", str(left)))
    text = "\n\n".join(parts)
    return text + "\n" if text and _size(text) < budget else ""


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))
