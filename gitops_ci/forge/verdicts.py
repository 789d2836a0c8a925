"""What reviews come to."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.model.pull_request import Review, Verdict


def is_approved(reviews: Iterable[Review], head: str) -> bool:
    """Whether somebody's last verdict is an approval of `head`, and nobody's wants changes.
    `reviews` are in the order of time; comments change no verdict."""
    last: dict[str, Review] = {}
    for review in reviews:
        if review.verdict is not Verdict.COMMENTED:
            last[review.by] = review
    verdicts = last.values()
    if any(review.verdict is Verdict.CHANGES_REQUESTED for review in verdicts):
        return False
    return any(r.verdict is Verdict.APPROVED and r.sha in ("", head) for r in verdicts)
