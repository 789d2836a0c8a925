"""Render roots and run every check on them: the findings, before anybody judges them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_ci.documents.manifests import manifests_of
from gitops_ci.findings.existing import Ranges
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
from gitops_ci.steps.check import PARTS
from gitops_ci.steps.custom_kinds import custom_kinds
from gitops_ci.steps.snapshot import Snapshot
from gitops_ci.validate.ambiguous import ambiguous
from gitops_ci.validate.schema import SchemaCheck, Settings

if TYPE_CHECKING:
    from gitops_ci.validate.kubeconform import Kubeconform


VALIDATE, SECRETS = PARTS


def _keep(_value: str) -> None:
    """What is done with a found value when nothing is printed."""


@dataclass(frozen=True, slots=True)
class Means:
    """How to render and check. `folder` is where the tree lies on disk, None for a git revision;
    `parts` are those of the check that run; `hide` is told each secret that was found."""

    options: RenderOptions
    programs: Programs
    progress: Progress
    versions: tuple[str, ...] = ()
    kubeconform: Kubeconform | None = None
    folder: Path | None = None
    parts: frozenset[str] = frozenset(PARTS)
    hide: Callable[[str], None] = _keep


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
    lines: Mapping[str, Ranges] | None = None,
    also: tuple[Rendered, ...] = (),
) -> Examined:
    """Render `roots` and check what they give, and `also`, which is finished already.

    `paths` limits the files whose own faults and secrets count, and `lines` the lines whose
    secrets do; None means all.
    """
    rendered, findings = also, list(_of_files(snapshot, paths))
    if VALIDATE in means.parts:
        rendered = (*_rendered(snapshot, tuple(roots), means), *also)
        findings += _of_objects(snapshot, rendered, means, paths)
    skipped = _skipped(snapshot, rendered)
    if SECRETS in means.parts:
        from gitops_ci.steps.secret_scan import scan_secrets, unsaid

        scanned = scan_secrets(snapshot, paths, lines, means.hide)
        findings += scanned.findings
        skipped = (*skipped, *unsaid(scanned.skipped, skipped))
    return Examined(tuple(findings), skipped, rendered, _checked(snapshot, rendered))


def _of_objects(
    snapshot: Snapshot,
    rendered: tuple[Rendered, ...],
    means: Means,
    paths: frozenset[str] | None,
) -> list[Finding]:
    schemas = _schema_check(snapshot, rendered, means)
    return [
        *_of_rendering(rendered),
        *_of_schemas(schemas, rendered, means.progress),
        *_of_scalars(schemas, snapshot, rendered, paths),
    ]


def _rendered(snapshot: Snapshot, roots: tuple[PlannedRoot, ...], means: Means) -> list[Rendered]:
    workspace = Workspace(snapshot.files.tree, means.folder)
    result = []
    try:
        renderer = Renderer(snapshot.files, means.options, Ports(workspace, means.programs))
        everything = render_all(renderer, roots, snapshot.environments.of_deployer)
        for number, item in enumerate(everything, start=1):
            result.append(item)
            means.progress.step("rendering", number, len(roots))
    finally:
        workspace.close()
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
