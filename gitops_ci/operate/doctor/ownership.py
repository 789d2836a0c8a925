"""Do the files that move the gate have owners, and do owners matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_ci.operate.code_owners import CodeOwners
from gitops_ci.operate.doctor.diagnosis import Diagnosis, advice, good

_TOPIC = "code owners"
_MOST = 5


def ownership(guarded: Iterable[str], owners: CodeOwners | None) -> Iterator[Diagnosis]:
    """One diagnosis for all files that steer the gate."""
    paths = tuple(guarded)
    if owners is None:
        fix = "add a CODEOWNERS file that names who owns the configuration and the CI files"
        yield advice(_TOPIC, "there is no CODEOWNERS file", fix)
        return
    alone = [path for path in paths if not owners.of(path)]
    if alone:
        more = f" and {len(alone) - _MOST} more" if len(alone) > _MOST else ""
        text = f"nobody owns {', '.join(alone[:_MOST])}{more}"
        yield advice(_TOPIC, text, f"name an owner in {owners.path}")
    elif paths:
        yield good(_TOPIC, f"every file that steers the gate has an owner in {owners.path}")
