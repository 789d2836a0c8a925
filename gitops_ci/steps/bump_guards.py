"""What a plan is checked against once it stands: other writers, and circles in the history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec.structs import replace

from gitops_ci.documents.manifests import manifests_of, ref_of
from gitops_ci.git.history import FileStep, GitHistory
from gitops_ci.git.repository import Git
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.image import Version
from gitops_ci.promote.bump.past import version_at
from gitops_ci.promote.bump.plan import Move, Plan, Refusal
from gitops_ci.promote.bump.planner import place_of
from gitops_ci.promote.loops import PERIOD, Circle, Stand, circle
from gitops_ci.promote.rules import DOWNGRADE, LOOP, REFUSED
from gitops_ci.promote.writers import Updated, two_writers, updated_images
from gitops_ci.steps.bump_observe import Observed


def guarded(plan: Plan, observed: Observed, git: Git | None, revision: str, now: datetime) -> Plan:
    """The plan with the findings about it; moves that go in circles are refused."""
    writers = two_writers(
        ((replace(move.site, name=move.name), move.location) for move in plan.moves),
        _updated(observed),
    )
    circles = _circles(plan.moves, git, revision, now)
    refused = tuple(_refusal(move, where) for move, where in circles)
    made = plan.refusing(refused)
    looping = {move.site for move, _ in circles}
    findings = [
        *writers,
        *(_downgrade(move) for move in plan.moves if move.older),
        *(_finding(item, observed, looping=item.site in looping) for item in made.refused),
    ]
    return replace(made, findings=tuple(findings))


def _updated(observed: Observed) -> Iterator[Updated]:
    """The Applications with images that the Argo CD Image Updater keeps up to date."""
    for deployment in observed.snapshot.inventory.deployments:
        if b"argocd-image-updater" not in observed.source(deployment.deployer.path).data:
            continue
        source = observed.source(deployment.deployer.path)
        for manifest in manifests_of(source):
            metadata = manifest.value.get("metadata")
            annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
            images = updated_images(annotations) if isinstance(annotations, dict) else frozenset()
            ref = ref_of(manifest.value)
            if images and ref == deployment.deployer.ref:
                directories = (deployment.directory,) if deployment.directory else ()
                yield Updated(source.path, ref, images, directories)


def _circles(
    moves: tuple[Move, ...], git: Git | None, revision: str, now: datetime
) -> list[tuple[Move, Circle]]:
    """The moves that repeat a change of the last day, which was taken back since."""
    if git is None or not moves or git.find(revision) is None:
        return []
    history = GitHistory(git.root)
    since = int((now - PERIOD).timestamp())
    paths = sorted({move.site.path for move in moves if not move.entry})
    steps = history.steps(revision, since, paths)
    contents = history.contents([oid for step in steps for oid in (step.before, step.after) if oid])
    by_path: dict[str, list[FileStep]] = {}
    for step in steps:
        by_path.setdefault(step.path, []).append(step)
    found = []
    for move in moves:
        stands = _stands(move, by_path.get(move.site.path, []), contents)
        where = circle(move.site.version, move.to, stands, now) if stands else None
        if where is not None:
            found.append((move, where))
    return found


def _stands(move: Move, steps: list[FileStep], contents: dict[str, bytes]) -> list[Stand]:
    if not steps or move.entry:
        return []
    versions: dict[str, Version | None] = {}
    for step in steps:
        for oid in (step.before, step.after):
            if oid not in versions:
                versions[oid] = version_at(move.site, contents.get(oid))
    start = datetime.fromtimestamp(0, UTC)
    return [
        Stand(start, "", versions[steps[0].before]),
        *(
            Stand(datetime.fromtimestamp(step.when, UTC), step.commit, versions[step.after])
            for step in steps
        ),
    ]


def _refusal(move: Move, where: Circle) -> Refusal:
    when = where.when.strftime("%Y-%m-%d %H:%M UTC")
    return Refusal(
        move.site,
        move.target,
        f"commit {where.commit[:12]} did the same on {when}, and it was taken back since",
        "two writers disagree: find the other one, or change the line by hand",
        move.location.line,
    )


def _downgrade(move: Move) -> Finding:
    return found(
        DOWNGRADE,
        f"{move.name} goes down from {move.site.version} to {move.to}",
        move.location,
        object=move.site.object,
        environment=move.site.environment,
    )


def _finding(item: Refusal, observed: Observed, *, looping: bool) -> Finding:
    location = place_of(observed.source(item.site.path), item.site)
    return found(
        LOOP if looping else REFUSED,
        f"{item.target.text}: {item.reason}",
        location,
        object=item.site.object,
        environment=item.site.environment,
        hint=item.hint,
    )
