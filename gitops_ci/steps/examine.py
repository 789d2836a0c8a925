"""Render roots and run every check on them: the findings, before anybody judges them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.findings.existing import Ranges
from gitops_ci.findings.suppression import Suppression
from gitops_ci.model.finding import Finding
from gitops_ci.model.ports import Progress
from gitops_ci.model.report import Checked
from gitops_ci.model.skip import Skip
from gitops_ci.render.objects import Rendered
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.programs import Programs
from gitops_ci.render.render import Ports, Renderer, render_all
from gitops_ci.render.workspace import Workspace
from gitops_ci.repo.affected import Selection
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.paths import parents
from gitops_ci.steps.check import PARTS
from gitops_ci.steps.custom_kinds import custom_kinds
from gitops_ci.steps.finished import Finished
from gitops_ci.steps.snapshot import Snapshot
from gitops_ci.validate.ambiguous import ambiguous
from gitops_ci.validate.schema import SchemaCheck, Settings

if TYPE_CHECKING:
    from gitops_ci.secrets.identities import Known
    from gitops_ci.steps.admission_policies import AdmissionPolicies
    from gitops_ci.steps.own_policies import OwnPolicies
    from gitops_ci.steps.secret_means import SecretMeans
    from gitops_ci.validate.kubeconform import Kubeconform


VALIDATE, SECRETS, POLICY = PARTS
_OF_OBJECTS = (VALIDATE, POLICY)
"""The parts that look at what is rendered."""


class Means(Struct, frozen=True):
    """How to render and check. `folder` is where the tree lies on disk, None for a git revision;
    `parts` are those of the check that run; `secrets` is with what they are searched; `admission`
    are the policies of clusters, and `own` those that the repository brings along."""

    options: RenderOptions
    programs: Programs
    progress: Progress
    versions: tuple[str, ...] = ()
    kubeconform: Kubeconform | None = None
    folder: Path | None = None
    parts: frozenset[str] = frozenset(PARTS)
    secrets: SecretMeans | None = None
    admission: AdmissionPolicies | None = None
    own: OwnPolicies | None = None


class Examined(Struct, frozen=True):
    """What came out: raw findings, what was left out, how much was looked at, the ids of the
    policy rules that ran, what files say in excuse of findings beside the ignore comments of this
    tool, remarks for the report, the secrets on lines that do not count, and the identities of all
    of them."""

    findings: tuple[Finding, ...]
    skipped: tuple[Skip, ...]
    rendered: tuple[Rendered, ...]
    checked: Checked
    policies: frozenset[str] = frozenset()
    suppressions: tuple[Suppression, ...] = ()
    remarks: tuple[str, ...] = ()
    unchanged: tuple[Finding, ...] = ()
    secrets: Known = frozenset()


def examine(
    snapshot: Snapshot,
    selection: Selection,
    means: Means,
    *,
    paths: frozenset[str] | None = None,
    lines: Mapping[str, Ranges] | None = None,
    finished: tuple[Finished, ...] = (),
) -> Examined:
    """Render the selection and check what it gives, and what is finished already.

    `paths` limits the files whose own faults and secrets count, and `lines` the lines whose
    secrets do; None means all.
    """
    rendered = tuple(item.rendered for item in finished)
    findings = list(_of_files(snapshot, paths))
    if not means.parts.isdisjoint(_OF_OBJECTS):
        rendered = (*render_selection(snapshot, selection, means), *rendered)
        findings += _of_rendering(rendered)
    if VALIDATE in means.parts:
        findings += _of_objects(snapshot, rendered, finished, means)
    within = None if paths is None else paths.union(*(item.used for item in rendered))
    skipped = _skipped(snapshot, rendered, within)
    policies: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()
    if POLICY in means.parts:
        from gitops_ci.steps.policy_check import policy_findings

        whole = len(selection.roots) == len(snapshot.plan.roots)
        judged = policy_findings(snapshot, rendered, means, complete=whole)
        findings += judged.findings
        skipped, policies = (*skipped, *judged.skipped), judged.ran
        remarks = tuple(skip.detail for skip in judged.skipped)
        if means.own is not None:
            from gitops_ci.steps.own_policies import judged_by_own

            said, left = judged_by_own(means.own, snapshot, rendered, means, paths)
            findings += said
            skipped, policies = (*skipped, *left), policies | means.own.ran
    checked = _checked(snapshot, rendered, finished, within)
    examined = Examined(tuple(findings), skipped, rendered, checked, policies, (), remarks)
    if SECRETS in means.parts and means.secrets is not None:
        return _with_secrets(examined, snapshot, means.secrets, paths, lines)
    return examined


def _with_secrets(
    examined: Examined,
    snapshot: Snapshot,
    means: SecretMeans,
    paths: frozenset[str] | None,
    lines: Mapping[str, Ranges] | None,
) -> Examined:
    from gitops_ci.steps.secret_scan import scan_secrets, unsaid

    ignored, files = snapshot.config.ignore, means.files or snapshot.files
    searched = scan_secrets(files, means, paths, lines, ignored, snapshot.files)
    return replace(
        examined,
        findings=(*examined.findings, *searched.findings),
        skipped=(*examined.skipped, *unsaid(searched.skipped, examined.skipped)),
        suppressions=searched.suppressions,
        remarks=(*examined.remarks, *searched.remarks),
        unchanged=searched.unchanged,
        secrets=searched.known,
    )


def _of_objects(
    snapshot: Snapshot,
    rendered: tuple[Rendered, ...],
    finished: tuple[Finished, ...],
    means: Means,
) -> list[Finding]:
    schemas = _schema_check(snapshot, rendered, means)
    faults = _of_schemas(schemas, rendered, means.progress)
    sources = (*_sources(snapshot, rendered), *(one for item in finished for one in item.sources))
    return [*faults, *_of_scalars(schemas, sources, faults)]


def render_selection(snapshot: Snapshot, selection: Selection, means: Means) -> list[Rendered]:
    """What the roots of the selection give."""
    roots, carriers = selection.roots, selection.carriers
    workspace = Workspace(snapshot.files.tree, means.folder)
    result = []
    try:
        renderer = Renderer(snapshot.files, means.options, Ports(workspace, means.programs))
        everything = render_all(renderer, roots, snapshot.environments.of_deployer, carriers)
        for number, item in enumerate(everything, start=1):
            result.append(item)
            means.progress.step("rendering", number, len(roots))
    finally:
        workspace.close()
    return result


def _skipped(
    snapshot: Snapshot, rendered: tuple[Rendered, ...], within: frozenset[str] | None
) -> tuple[Skip, ...]:
    """What was left out of what the run looks at, each thing once: a deployer may be met in its
    file and again in the rendered output that holds it, where it may stand in another
    namespace."""
    directories = frozenset(above for path in within or () for above in parents(path))
    unique: dict[tuple[str, ...], Skip] = {}
    for skip in (
        *(skip for item in rendered for skip in item.skipped),
        *(
            skip
            for skip in (*snapshot.plan.skipped, *snapshot.inventory.skipped)
            if within is None or skip.path in directories or skip.path.partition("#")[0] in within
        ),
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


def _sources(snapshot: Snapshot, rendered: tuple[Rendered, ...]) -> Iterator[SourceFile]:
    """The manifests and patches that the rendered roots are made of."""
    used = frozenset(path for item in rendered for path in item.used)
    for path in snapshot.inventory.of(FileKind.MANIFEST, FileKind.PATCH):
        if path in used:
            yield snapshot.files.source(path)


def _of_scalars(
    schemas: SchemaCheck, sources: Iterable[SourceFile], faults: Iterable[Finding]
) -> list[Finding]:
    """Ambiguous scalars, without those that are at fault already."""
    refused = frozenset(
        (fault.location.path, fault.location.span.line, fault.location.span.column)
        for fault in faults
        if fault.location.span is not None
    )
    findings: list[Finding] = []
    for source in sources:
        if any(document.doubts for document in source.documents):
            for manifest in manifests_of(source):
                findings += ambiguous(source, manifest, schemas.catalogue.schema, refused)
    return findings


def _checked(
    snapshot: Snapshot,
    rendered: tuple[Rendered, ...],
    finished: tuple[Finished, ...],
    within: frozenset[str] | None,
) -> Checked:
    handed = [source for item in finished for source in item.sources]
    left = {skip.path for skip in snapshot.plan.skipped} | {source.path for source in handed}
    sources = handed + [
        snapshot.files.source(path)
        for path, info in snapshot.inventory.files.items()
        if info.parsed and path not in left and (within is None or path in within)
    ]
    return Checked(
        files=len(sources),
        documents=sum(len(source.documents) for source in sources),
        roots=len(rendered),
        objects=sum(len(item.objects) for item in rendered),
        bytes=sum(len(source.data) for source in sources),
    )
