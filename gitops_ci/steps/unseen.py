"""What of a rendering could not be compared with another one."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.diff.model import Unseen
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import SkipClass
from gitops_ci.render.objects import Rendered


def unseen_of(rendered: Iterable[Rendered]) -> list[tuple[Unseen, bool]]:
    """What could not be rendered, and whether a merge could go on all the same."""
    found: list[tuple[Unseen, bool]] = []
    for item in rendered:
        for skip in item.skipped:
            if skip.klass is not SkipClass.SKIPPED:
                reason = f"{skip.reason}: {skip.detail}" if skip.detail else skip.reason
                found.append((Unseen(skip.path, reason), skip.klass is SkipClass.EXTERNAL))
        if not item.objects:
            errors = [one for one in item.findings if one.severity >= Severity.ERROR]
            found += [(Unseen(one.location.path, one.message), False) for one in errors[:1]]
    return found
