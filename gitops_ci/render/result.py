"""What one way of rendering gives, before it is known which root asked for it."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.render.objects import Rendered, RenderedObject, Root


class Result(Struct, frozen=True):
    """Objects, faults, what was left out, and the files that the result depends on. `failed` says
    that a fault ended the rendering; faults beside it do not, even where nothing came out."""

    objects: tuple[RenderedObject, ...] = ()
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skip, ...] = ()
    used: frozenset[str] = frozenset()
    failed: bool = False

    def plus(self, other: Result) -> Result:
        """Both results, this one first."""
        return Result(
            self.objects + other.objects,
            self.findings + other.findings,
            self.skipped + other.skipped,
            self.used | other.used,
            self.failed or other.failed,
        )

    def of(self, root: Root) -> Rendered:
        """The result as that of `root`: each finding names it."""
        findings = tuple(
            replace(
                finding,
                root=finding.root or root.name,
                environment=finding.environment or root.environment,
            )
            for finding in self.findings
        )
        return Rendered(root, self.objects, findings, self.skipped, self.used)


def failed(finding: Finding, used: frozenset[str] = frozenset()) -> Result:
    """The result of a root that cannot be rendered for the reason that `finding` states."""
    return Result(findings=(finding,), used=used, failed=True)


def left_out(path: str, reason: str, detail: str, used: frozenset[str] = frozenset()) -> Result:
    """The result of a root that was not rendered; `reason` is one of `model.skip.REASONS`."""
    return Result(skipped=(Skip(path, reason, detail),), used=used)
