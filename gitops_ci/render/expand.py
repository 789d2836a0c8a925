"""Deployers in rendered output are roots in turn: followed until nothing new appears."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from gitops_ci.model.finding import Finding, ObjectRef, found
from gitops_ci.model.rule import Rule
from gitops_ci.model.skip import SkipClass
from gitops_ci.render import rules
from gitops_ci.render.context import Context, location_of, name_of
from gitops_ci.render.objects import Rendered, RenderedObject, Root, RootKind
from gitops_ci.render.result import Result
from gitops_ci.render.wanting import unless_wanting
from gitops_ci.repo.affected import Carriers, Concern
from gitops_ci.repo.deployers import Deployer
from gitops_ci.repo.root_plan import PlannedRoot

if TYPE_CHECKING:  # each way below loads what it needs: few repositories use more than one
    from gitops_ci.render.argocd.applicationset import Applications

MAX_DEPTH = 10


def _application(item: RenderedObject, context: Context) -> tuple[str, Result]:
    from gitops_ci.render.argocd.application import render_application

    return render_application(item, context)


def _kustomization(item: RenderedObject, context: Context) -> tuple[str, Result]:
    from gitops_ci.render.flux.kustomization import render_kustomization

    return render_kustomization(item, context)


def _release(item: RenderedObject, context: Context) -> tuple[str, Result]:
    from gitops_ci.render.flux.helmrelease import render_release

    return render_release(item, context)


def _applications(item: RenderedObject, context: Context) -> Applications:
    from gitops_ci.render.argocd.applicationset import generate

    return generate(item, context)


_Way = Callable[[RenderedObject, Context], tuple[str, Result]]
_WAYS: dict[tuple[str, str], tuple[str, _Way]] = {
    ("argoproj.io", "Application"): (RootKind.ARGOCD_APPLICATION, _application),
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): (RootKind.FLUX_KUSTOMIZATION, _kustomization),
    ("helm.toolkit.fluxcd.io", "HelmRelease"): (RootKind.FLUX_HELMRELEASE, _release),
}
_SET = ("argoproj.io", "ApplicationSet")
_KINDS = tuple(kind for _, kind in (*_WAYS, _SET))


class _Renders(Protocol):
    """The part of the Renderer that is needed here."""

    def render(self, planned: PlannedRoot) -> Rendered:
        """The root without what the deployers in its output apply."""
        ...

    def object_of(self, deployer: Deployer) -> RenderedObject | None:
        """The deployer's object as it is written."""
        ...


class Expansion:
    """One run over the roots. Each deployer is rendered once for each form that it appears in."""

    def __init__(
        self,
        context: Context,
        planned: tuple[PlannedRoot, ...] = (),
        environment_of: Callable[[Deployer, str], str] | None = None,
    ) -> None:
        self._context = context
        self._environment_of = environment_of
        self._planned = {
            (root.deployer.path, root.deployer.ref.kind, root.deployer.ref.name): root.environment
            for root in planned
            if root.deployer is not None
        }
        self._done: set[str] = set()
        self._searched: set[str] = set()
        self._written: set[tuple[str, int]] = set()
        self.directories: set[str] = set()

    def has_seen(self, deployer: Deployer) -> bool:
        """Whether some rendered output held the object."""
        return (deployer.path, deployer.document) in self._written

    def root(self, planned: PlannedRoot, renderer: _Renders) -> Iterator[Rendered]:
        """A planned root and all that follows from it."""
        if planned.deployer is not None:
            item = renderer.object_of(planned.deployer)
            if item is not None:
                yield from self._follow((item,), planned.environment, ())
                return
        rendered = renderer.render(planned)
        self._context.note(rendered.objects)
        yield rendered
        yield from self._follow(rendered.objects, planned.environment, ())

    def through(
        self, planned: PlannedRoot, renderer: _Renders, carriers: Carriers
    ) -> Iterator[Rendered]:
        """What the deployers in the output of a root apply, as far as it is of concern."""
        item = renderer.object_of(planned.deployer) if planned.deployer else None
        if item is not None and (item.ref.group, item.ref.kind) in _WAYS:
            yield from self._inside(item, planned.environment, (), carriers)
        elif item is not None:
            yield from self._sought((item,), planned.environment, (), carriers)
        else:
            rendered = renderer.render(planned)
            self._context.note(rendered.objects)
            yield from _unseen(rendered)
            yield from self._sought(rendered.objects, planned.environment, (), carriers)

    def _sought(
        self,
        objects: tuple[RenderedObject, ...],
        environment: str,
        above: tuple[ObjectRef, ...],
        carriers: Carriers,
    ) -> Iterator[Rendered]:
        """Like `_follow`, for what is of concern."""
        for item in objects:
            kind = item.ref.group, item.ref.kind
            if kind == _SET or kind in _WAYS:
                self._mark(item)
            if kind == _SET:
                made = _applications(item, self._context)
                yield from self._sought(made.objects, environment, above, carriers)
            elif kind in _WAYS:
                concern = carriers.concern(self._context.deployments(item))
                if concern is Concern.TOUCHED:
                    yield from self._one(item, environment, above)
                elif concern is Concern.HOLDS:
                    yield from self._inside(item, environment, above, carriers)

    def _inside(
        self,
        item: RenderedObject,
        environment: str,
        above: tuple[ObjectRef, ...],
        carriers: Carriers,
    ) -> Iterator[Rendered]:
        """What is of concern in that which a deployer applies."""
        identity = _identity(item)
        if identity in self._searched or item.ref in above or len(above) >= MAX_DEPTH:
            return
        self._searched.add(identity)
        rendered = self.deployed(item, environment)
        self._context.note(rendered.objects)
        inner = rendered.root.environment
        yield from _unseen(rendered)
        yield from self._sought(rendered.objects, inner, (*above, item.ref), carriers)

    def deployed(self, item: RenderedObject, environment: str) -> Rendered:
        """What one deployer applies; for an ApplicationSet the Applications that it makes."""
        tree = self._context.files.tree
        return unless_wanting(tree, lambda: self._deployed(item, environment))

    def _deployed(self, item: RenderedObject, environment: str) -> Rendered:
        ref = item.ref
        if (ref.group, ref.kind) == _SET:
            made = _applications(item, self._context)
            root = Root(
                location_of(item).path, RootKind.ARGOCD_APPLICATION, environment, name_of(item)
            )
            return Result(made.objects, made.findings, made.skipped).of(root)
        kind, way = _WAYS[ref.group, ref.kind]
        directory, result = way(item, self._context)
        if result.objects and directory != location_of(item).path:
            self.directories.add(directory)
        return result.of(
            Root(directory, kind, self._environment(item, directory, environment), name_of(item))
        )

    def _follow(
        self,
        objects: tuple[RenderedObject, ...],
        environment: str,
        above: tuple[ObjectRef, ...],
    ) -> Iterator[Rendered]:
        for item in objects:
            if item.value.get("kind") not in _KINDS:
                continue
            ref = item.ref
            kind = ref.group, ref.kind
            if kind in _WAYS:
                yield from self._one(item, environment, above)
            elif kind == _SET:
                yield from self._set(item, environment, above)

    def _set(
        self, item: RenderedObject, environment: str, above: tuple[ObjectRef, ...]
    ) -> Iterator[Rendered]:
        if not self._is_new(item):
            return
        made = _applications(item, self._context)
        if made.findings or made.skipped:
            root = Root(
                location_of(item).path, RootKind.ARGOCD_APPLICATION, environment, name_of(item)
            )
            yield Result((), made.findings, made.skipped).of(root)
        yield from self._follow(made.objects, environment, above)

    def _one(
        self, item: RenderedObject, environment: str, above: tuple[ObjectRef, ...]
    ) -> Iterator[Rendered]:
        ref = item.ref
        if above and ref == above[-1]:
            return  # an object that deploys itself is how both controllers are bootstrapped
        if ref in above or len(above) >= MAX_DEPTH:
            yield self._circle(item, environment, above)
            return
        if not self._is_new(item):
            return
        rendered = self.deployed(item, environment)
        self._context.note(rendered.objects)
        yield rendered
        yield from self._follow(rendered.objects, rendered.root.environment, (*above, ref))

    def _is_new(self, item: RenderedObject) -> bool:
        self._mark(item)
        identity = _identity(item)
        if identity in self._done:
            return False
        self._done.add(identity)
        return True

    def _mark(self, item: RenderedObject) -> None:
        place = location_of(item)
        self._written.add((place.path, place.document))

    def _environment(self, item: RenderedObject, directory: str, inherited: str) -> str:
        """The environment of a deployer: as planned, else by its own words, else the one above."""
        ref = item.ref
        known = self._planned.get((location_of(item).path, ref.kind, ref.name))
        if known is not None:
            return known
        if self._environment_of is not None:
            for deployment in self._context.deployments(item):
                own = self._environment_of(deployment.deployer, directory)
                if own:
                    return own
        return inherited

    def _circle(
        self, item: RenderedObject, environment: str, above: tuple[ObjectRef, ...]
    ) -> Rendered:
        ref = item.ref
        kind = _WAYS[ref.group, ref.kind][0]
        root = Root(location_of(item).path, kind, environment, name_of(item))
        return Result(findings=(_circle_finding(item, above),)).of(root)


def _unseen(rendered: Rendered) -> Iterator[Rendered]:
    """What could not be rendered, and so may hold deployers that nobody has seen."""
    skipped = tuple(skip for skip in rendered.skipped if skip.klass is SkipClass.INCOMPLETE)
    if skipped:
        yield Rendered(rendered.root, skipped=skipped)


def _identity(item: RenderedObject) -> str:
    """The place and the form of a deployer."""
    place = location_of(item)
    text = json.dumps(item.value, sort_keys=True, default=str)
    return f"{place.path}\0{place.document}\0{text}"


def _circle_finding(item: RenderedObject, above: tuple[ObjectRef, ...]) -> Finding:
    ref = item.ref
    rule: Rule = rules.ARGOCD_DEPTH
    message = f"{ref} is deployed through more than {MAX_DEPTH} levels of deployers"
    if ref in above:
        rule = rules.ARGOCD_CYCLE if ref.group == "argoproj.io" else rules.FLUX_CYCLE
        way = " → ".join(str(step) for step in (*above[above.index(ref) :], ref))
        message = f"deployers apply each other in a circle: {way}"
    facts: dict[str, Any] = {"object": ref, "key": str(ref)}
    return found(rule, message, location_of(item), **facts)
