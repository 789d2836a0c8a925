"""Sites in patches: strategic ones read like the objects that they change, JSON patches by path.

JSON patches: RFC 6902 with the pointers of RFC 6901.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.documents.manifests import ref_of
from gitops_ci.documents.values import Value
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.span import Route
from gitops_ci.repo.deployers import mapping, text
from gitops_ci.repo.sites.fields import walk
from gitops_ci.repo.sites.images import Split, reference_site, split_site
from gitops_ci.repo.sites.known import Known
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.repo.sites.objects import object_sites
from gitops_ci.repo.sites.pins import Pinned, chart_site, git_site, oci_name, version_site
from gitops_ci.repo.sites.text import Found, Scope, one, value_at

PATCH = "patch"
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers", "steps", "sidecars")


def patch_sites(
    scope: Scope, value: Value, route: Route, target: dict[str, Value], known: Known
) -> Iterator[Found]:
    """The sites of a patch: a list of operations, or an object with what changes in it."""
    if isinstance(value, list):
        yield from _operations(scope, value, route, target, known)
    elif isinstance(value, dict) and not route:
        ref = ref_of(value) if value.get("kind") else _ref(target)
        yield from object_sites(Scope(scope.text, scope.document, ref), value, (), known)
    elif isinstance(value, dict):
        yield from walk(scope, value, route, PATCH)


def _ref(target: dict[str, Value]) -> ObjectRef:
    """What a patch without identity is for."""
    keys = ("group", "version", "kind", "namespace", "name")
    return ObjectRef(*(text(target.get(key)) for key in keys))


def _operations(
    scope: Scope, value: list[Value], route: Route, target: dict[str, Value], known: Known
) -> Iterator[Site]:
    written: dict[str, Route] = {}
    values: dict[Route, Value] = {}
    for index, item in enumerate(value):
        if mapping(item).get("op") in ("add", "replace"):
            place: Route = (*route, index, "value")
            written[text(item.get("path"))] = place
            values[place] = item.get("value")
    for pointer, at in written.items():
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        if not steps:
            continue
        if isinstance(values[at], (dict, list)):
            keys = tuple(step for step in steps if not step.isdigit() and step != "-")[-1:]
            yield from _below(scope, values[at], at, (*steps[:-1], *keys)[-2:])
        else:
            yield from _scalar(scope, steps, at, values[at], written)
            yield from _by_target(scope, steps, at, values[at], target, known)


def _below(scope: Scope, value: Value, at: Route, steps: tuple[str, ...]) -> Iterator[Site]:
    """A value that is a mapping or list, read as if it stood where the patch puts it: a container
    is known by the list that it is put in."""
    container = any(step in _CONTAINERS for step in steps)
    items = enumerate(value) if isinstance(value, list) else ((None, value),)
    for index, item in items:
        place: Route = at if index is None else (*at, index)
        image = mapping(item).get("image")
        if container and isinstance(image, str):
            yield from one(reference_site(scope, PATCH, (*place, "image"), image))
            rest = {key: part for key, part in item.items() if key != "image"}
            yield from walk(scope, rest, place, PATCH)
        else:
            yield from walk(scope, item, place, PATCH)


def _scalar(
    scope: Scope, steps: list[str], at: Route, value: Value, written: dict[str, Route]
) -> Iterator[Site]:
    last = steps[-1]
    if last == "image" or last.endswith("Image"):
        sure = any(step in _CONTAINERS for step in steps)
        yield from one(reference_site(scope, PATCH, at, value, versioned=not sure))
    elif last == "tag" and len(steps) > 1 and steps[-2].lower().endswith("image"):
        beside = "/" + "/".join([*steps[:-1], "repository"])
        place = written.get(beside)
        name = (place, value_at(scope.text.source, scope.document, place)) if place else None
        yield from one(split_site(scope, PATCH, Split(name=name, tag=(at, value))))


def _by_target(
    scope: Scope, steps: list[str], at: Route, value: Value, target: dict[str, Value], known: Known
) -> Iterator[Site]:
    """Versions of charts, artifacts and git sources, where the target is known."""
    kind, name = text(target.get("kind")), text(target.get("name"))
    if steps == ["spec", "chart", "spec", "version"] or steps == ["spec", "version"]:
        chart, source = known.chart(kind, name)
        if chart:
            yield from one(chart_site(scope, PATCH, at, value, chart, source))
    elif steps[:2] == ["spec", "ref"] and len(steps) == 3:
        url = known.address(target)
        if kind == "GitRepository" and url and steps[2] in ("tag", "commit", "branch"):
            yield from one(git_site(scope, PATCH, at, value, url))
        elif kind == "OCIRepository" and url and steps[2] == "tag":
            pinned = Pinned(Subject.ARTIFACT, oci_name(url), url)
            yield from one(version_site(scope, PATCH, at, value, pinned))
