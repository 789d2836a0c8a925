"""The secret scan as a part of the check."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gitops_ci.findings.existing import Ranges
from gitops_ci.model.skip import Skip, SkipClass
from gitops_ci.secrets.prints import SALT_FILE, salt_of
from gitops_ci.secrets.scan import ScanRequest, ScanResult, scan
from gitops_ci.steps.reading import reader
from gitops_ci.steps.snapshot import Snapshot


def scan_secrets(
    snapshot: Snapshot,
    paths: frozenset[str] | None,
    lines: Mapping[str, Ranges] | None,
    hide: Callable[[str], None],
) -> ScanResult:
    """Search the files of the snapshot (those in `paths`; of them the `lines`). `hide` is told each
    value before anybody can print it."""
    salt = salt_of(reader(snapshot.files.tree)(SALT_FILE))
    return scan(
        ScanRequest(
            snapshot.files,
            paths=paths,
            lines=lines,
            ignored=snapshot.config.ignore,
            salt=salt,
            hide=hide,
        )
    )


def unsaid(skips: tuple[Skip, ...], said: tuple[Skip, ...]) -> tuple[Skip, ...]:
    """The scan's skips that tell something new: each file is left out once, for the reason that
    weighs more."""
    known = {skip.path for skip in said}
    incomplete = {skip.path for skip in said if skip.klass is SkipClass.INCOMPLETE}
    return tuple(
        skip
        for skip in skips
        if skip.path not in known
        or (skip.klass is SkipClass.INCOMPLETE and skip.path not in incomplete)
    )
