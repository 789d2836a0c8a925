"""Render roots and run every check on them: the findings, before anybody judges them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_ci.documents.manifests import manifests_of
from gitops_ci.model.finding import Finding
from gitops_ci.model.ports import Progress
from gitops_ci.model.report import Checked
from gitops_ci.model.skip import Skip
from gitops_ci.render.objects import Rendered
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.programs import Programs
from gitops_ci.render.render import Ports, Renderer, render_all
from gitops_ci.render.workspace import Workspace
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.root_plan import PlannedRoot
from gitops_ci.steps.custom_kinds import custom_kinds
from gitops_ci.steps.snapshot import Snapshot
from gitops_ci.validate.ambiguous import ambiguous
from gitops_ci.validate.schema import SchemaCheck, Settings

if TYPE_CHECKING:
    from gitops_ci.validate.kubeconform import Kubeconform


@dataclass(frozen=True, slots=True)
class Means:
    """How to render and check. `folder` is where the tree lies on disk, None for a git revision."""

    options: RenderOptions
    programs: Programs
    progress: Progress
    versions: tuple[str, ...] = ()
    kubeconform: Kubeconform | None = None
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """What came out: raw findings, what was left out, how much was looked at."""

    findings: tuple[Finding, ...]
    skipped: tuple[Skip, ...]
    rendered: tuple[Rendered, ...]
    checked: Checked


def examine(
    snapshot: Snapshot,
    roots: Iterable[PlannedRoot],
    means: Means,
    *,
    paths: frozenset[str] | None = None,
    also: tuple[Rendered, ...] = (),
) -> Examined:
    """Render `roots` and check what they give, and `also`, which is finished already.

    `paths` limits whose own faults (syntax, encoding) count; None means every file.
    """
    workspace = Workspace(snapshot.files.tree, means.folder)
    try:
        renderer = Renderer(snapshot.files, means.options, Ports(workspace, means.programs))
        rendered = (*_rendered(renderer, snapshot, tuple(roots), means.progress), *also)
    finally:
        workspace.close()
    findings = [*_of_files(snapshot, paths), *_of_rendering(rendered)]
    schemas = _schema_check(snapshot, rendered, means)
    findings += _of_schemas(schemas, rendered, means.progress)
    findings += _of_scalars(schemas, snapshot, rendered, paths)
    return Examined(
        tuple(findings), _skipped(snapshot, rendered), rendered, _checked(snapshot, rendered)
    )


def _rendered(
    renderer: Renderer, snapshot: Snapshot, roots: tuple[PlannedRoot, ...], progress: Progress
) -> list[Rendered]:
    everything = render_all(renderer, roots, snapshot.environments.of_deployer)
    result = []
    for number, item in enumerate(everything, start=1):
        result.append(item)
        progress.step("rendering", number, len(roots))
    return result


def _skipped(snapshot: Snapshot, rendered: tuple[Rendered, ...]) -> tuple[Skip, ...]:
    """What was left out, each thing once: a deployer may be met in its file and again in the
    rendered output that holds it, where it may stand in another namespace."""
    unique: dict[tuple[str, ...], Skip] = {}
    for skip in (
        *(skip for item in rendered for skip in item.skipped),
        *snapshot.plan.skipped,
        *snapshot.inventory.skipped,
    ):
        path, mark, ref = skip.path.partition("#")
        parts = ref.split("/")
        identity = (path, parts[0], parts[-1], skip.reason) if mark else (path, skip.reason)
        unique.setdefault(identity, skip)
    return tuple(unique.values())


def _of_files(snapshot: Snapshot, paths: frozenset[str] | None) -> Iterable[Finding]:
    for finding in snapshot.inventory.problems:
        if paths is None or finding.location.path in paths:
            yield finding


def _of_rendering(rendered: Iterable[Rendered]) -> Iterable[Finding]:
    for item in rendered:
        yield from item.findings


def _schema_check(snapshot: Snapshot, rendered: tuple[Rendered, ...], means: Means) -> SchemaCheck:
    kinds = custom_kinds(snapshot.files, snapshot.config, rendered)
    settings = Settings(snapshot.config.validate.missing_schema)
    if means.kubeconform is not None:
        from gitops_ci.validate.kubeconform import KubeconformCheck

        return KubeconformCheck(means.versions, kinds, means.kubeconform, settings)
    return SchemaCheck(means.versions, kinds, settings)


def _of_schemas(
    schemas: SchemaCheck, rendered: tuple[Rendered, ...], progress: Progress
) -> list[Finding]:
    findings: list[Finding] = []
    for number, item in enumerate(rendered, start=1):
        findings += schemas.check(item.objects, item.root)
        progress.step("checking", number, len(rendered))
    return [*findings, *schemas.finish()]


def _of_scalars(
    schemas: SchemaCheck,
    snapshot: Snapshot,
    rendered: tuple[Rendered, ...],
    paths: frozenset[str] | None,
) -> list[Finding]:
    """Ambiguous scalars, in the files that the rendered roots are made of."""
    used = frozenset(path for item in rendered for path in item.used)
    findings: list[Finding] = []
    for path in snapshot.inventory.of(FileKind.MANIFEST):
        if path not in used or (paths is not None and path not in paths):
            continue
        source = snapshot.files.source(path)
        if any(document.doubts for document in source.documents):
            for manifest in manifests_of(source):
                findings += ambiguous(source, manifest, schemas.catalogue.schema)
    return findings


def _checked(snapshot: Snapshot, rendered: tuple[Rendered, ...]) -> Checked:
    skipped = {skip.path for skip in snapshot.plan.skipped}
    files = snapshot.inventory.files
    parsed = [path for path, info in files.items() if info.parsed and path not in skipped]
    sources = [snapshot.files.source(path) for path in parsed]
    return Checked(
        files=len(sources),
        documents=sum(len(source.documents) for source in sources),
        roots=len(rendered),
        objects=sum(len(item.objects) for item in rendered),
        bytes=sum(len(source.data) for source in sources),
    )
