"""What somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def distance(left: str, right: str, limit: int) -> int:
    """How many letters must be added, removed, replaced or swapped with their neighbour to turn
    one word into the other; `limit` + 1 as soon as it is more than `limit`."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        following = [i]
        for j, b in enumerate(right, 1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        if min(following) > limit:
            return limit + 1
        before, row = row, following
    return row[-1]


def _limit(word: str) -> int:
    if len(word) <= 3:
        return 1 if len(word) == 3 else 0
    return 2 if len(word) <= 9 else 3


def near(word: str, candidates: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The candidates that `word` may be a slip for, all equally near; the same word in other
    letter case comes before everything else. `most` limits the letters that may differ."""
    known = sorted(set(candidates) - {word})
    folded = word.casefold()
    same = tuple(name for name in known if name.casefold() == folded)
    if same:
        return same
    best: tuple[str, ...] = ()
    limit = min(_limit(word), most)
    for name in known:
        steps = distance(folded, name.casefold(), limit)
        if steps > limit:
            continue
        best = (*best, name) if steps == limit and best else (name,)
        limit = steps
    return best


def nearest(word: str, candidates: Iterable[str], most: int = 3) -> str:
    """The one candidate that `word` is a slip for; empty when there is none or more than one."""
    found = near(word, candidates, most)
    return found[0] if len(found) == 1 else ""
