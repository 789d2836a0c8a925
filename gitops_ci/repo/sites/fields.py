"""Images in objects and values, by what the fields mean.

Container lists are known by their names (Kubernetes API reference, Tekton, Argo Workflows, Knative
and the operators that embed pod templates all use the same ones). Elsewhere the conventions of
Helm values hold: `image: {registry, repository, tag, digest}` in any subset, `image: NAME:TAG`,
and keys that end in `Image`, `ImageRepository`, `ImageTag`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_ci.documents.values import Value
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.images import Split, reference_site, split_site
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.sites.text import Scope, entry, inside, is_template, one

_CONTAINERS = frozenset(
    {
        "containers",
        "initContainers",
        "ephemeralContainers",
        "sidecars",
        "steps",
        "sidecarContainers",
    }
    | {"extraContainers", "extraInitContainers", "additionalContainers", "containerSets"}
)
_ONE_CONTAINER = frozenset({"container", "script", "stepTemplate", "containerTemplate", "sidecar"})
_ALWAYS_PULLED = frozenset({"imagePullPolicy", "pullPolicy", "imagePullSecrets", "pullSecrets"})
_IMAGE_KEY = regex(r"(?:.*[a-z0-9_-])?(?:[iI]mage|IMAGE)\Z")
_SPLIT_KEY = regex(r"(.*?)(?:([iI]mage)(?:Repository|Name)|([rR])epository)\Z")
_SET_BY_CONTROLLERS = frozenset({"lastTriggeredImage"})
_ENV_NAME = regex(r"(?:.*_)?(?:IMAGE|IMG)(?:_.*)?\Z")
_PARAMETER = regex(r"(?:.*[-_A-Z]|.*[a-z](?=I))?(?:image|IMAGE|Image)\Z")
_ARGUMENT = regex(r"(--?[A-Za-z0-9-]*(?:image|reloader)(?:-[a-z]+)?=)(?=\S+[:@])")
_MANIFEST = "manifest"
"""Argo Workflows: the object of a `resource` template, as a text."""
_MOST_LEVELS = 60


def walk(scope: Scope, value: Value, route: Route, kind: str, registry: str = "") -> Iterator[Site]:
    """Every image below `value`, which stands at `route`. `kind` is the kind of the sites,
    `registry` one that values give to all images."""
    if len(route) > _MOST_LEVELS:
        return
    if isinstance(value, dict):
        yield from _mapping(scope, value, route, kind, registry)
        for key, item in value.items():
            if isinstance(item, (dict, list)):
                yield from walk(scope, item, (*route, key), kind, registry)
            elif isinstance(item, str) and "\n" in item and (kind == "values" or key == _MANIFEST):
                yield from _nested(scope, (*route, key), item, kind)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            at: Route = (*route, index)
            if isinstance(item, str):
                yield from _item(scope, at, item, kind)
            else:
                yield from walk(scope, item, at, kind, registry)


def walk_values(scope: Scope, value: Value, route: Route) -> Iterator[Site]:
    """Every image in the values of a chart."""
    yield from walk(scope, value, route, "values", _global_registry(value))


def _global_registry(value: Value) -> str:
    common = value.get("global") if isinstance(value, dict) else None
    if not isinstance(common, dict):
        return ""
    image = common.get("image")
    inner = image.get("registry") if isinstance(image, dict) else None
    for found in (common.get("imageRegistry"), inner):
        if isinstance(found, str) and not is_template(found):
            return found
    return ""


def _mapping(
    scope: Scope, value: dict[str, Value], route: Route, kind: str, registry: str
) -> Iterator[Site]:
    image = value.get("image")
    if isinstance(image, str) and image:
        yield from _image_field(scope, value, route, kind, registry)
    yield from _split_fields(scope, value, route, kind, registry)
    yield from _volume(scope, value, route, kind)
    yield from _bundle(scope, value, route, kind)
    yield from _named_value(scope, value, route, kind)
    for key, item in value.items():
        if key != "image" and isinstance(item, str) and _is_image_key(key):
            yield from one(reference_site(scope, kind, (*route, key), item, versioned=True))


def _is_image_key(key: str) -> bool:
    if key in _SET_BY_CONTROLLERS:
        return False
    return _IMAGE_KEY.match(key) is not None or _ENV_NAME.match(key) is not None


def _image_field(
    scope: Scope, value: dict[str, Value], route: Route, kind: str, registry: str
) -> Iterator[Site]:
    """`image:` with a text: a whole reference, or the name of a tag that stands beside it."""
    at: Route = (*route, "image")
    tag = next((key for key in ("tag", "imageTag") if key in value), None)
    if tag is not None and ":" not in str(value["image"]).rpartition("/")[2]:
        split = Split(
            name=(at, value["image"]),
            registry=entry(value, route, "registry"),
            tag=((*route, tag), value[tag]),
            digest=entry(value, route, "digest"),
        )
        yield from one(split_site(scope, kind, split, registry=registry))
        return
    bare = _is_container(route) or not _ALWAYS_PULLED.isdisjoint(value)
    yield from one(reference_site(scope, kind, at, value["image"], versioned=not bare))


def _is_container(route: Route) -> bool:
    if route and route[-1] in _ONE_CONTAINER:
        return True
    if len(route) > 1 and isinstance(route[-1], int):
        return route[-2] in _CONTAINERS
    return len(route) > 1 and route[-2] in _CONTAINERS


def _split_fields(
    scope: Scope, value: dict[str, Value], route: Route, kind: str, registry: str
) -> Iterator[Site]:
    for key, item in value.items():
        match = _SPLIT_KEY.match(key)
        if match is None or not isinstance(item, str) or "://" in item or "@" in item:
            continue
        split = _split(value, route, key, match)
        if split is not None:
            yield from one(split_site(scope, kind, split, registry=registry))
    yield from _tag_alone(scope, value, route, kind)
    yield from _image_name(scope, value, route, kind, registry)


def _split(value: dict[str, Value], route: Route, key: str, match: re.Match[str]) -> Split | None:
    """The parts beside a `repository`, `imageRepository`, `fooImageName` or `fooRepository`."""
    prefix = match[1] + (match[2] or "")
    tag_keys = (f"{prefix}Tag", "tag", "imageTag") if prefix else ("tag", "imageTag")
    tag = next((name for name in tag_keys if name in value), None)
    digest_keys = (f"{prefix}Digest", "digest", "sha") if prefix else ("digest", "imageDigest")
    digest = next((name for name in digest_keys if name in value), None)
    registry = f"{prefix}Registry" if f"{prefix}Registry" in value else "registry"
    if tag is None and digest is None and not _is_image(value, route, key):
        return None
    return Split(
        name=((*route, key), value[key]),
        registry=entry(value, route, registry),
        tag=entry(value, route, tag),
        digest=entry(value, route, digest),
        insert=(*route, "tag"),
    )


def _is_image(value: dict[str, Value], route: Route, key: str) -> bool:
    """Whether a mapping with a repository and no tag is an image all the same."""
    if key != "repository":
        return False
    named = bool(route) and isinstance(route[-1], str) and _is_image_key(route[-1])
    return named or not _ALWAYS_PULLED.isdisjoint(value)


def _image_name(
    scope: Scope, value: dict[str, Value], route: Route, kind: str, registry: str
) -> Iterator[Site]:
    """`image: {name: …, tag: …}`."""
    named = bool(route) and isinstance(route[-1], str) and _is_image_key(route[-1])
    if not named or "repository" in value or not isinstance(value.get("name"), str):
        return
    if "tag" in value or "digest" in value:
        split = Split(
            name=((*route, "name"), value["name"]),
            registry=entry(value, route, "registry"),
            tag=entry(value, route, "tag"),
            digest=entry(value, route, "digest"),
            insert=(*route, "tag"),
        )
        yield from one(split_site(scope, kind, split, registry=registry))


def _tag_alone(scope: Scope, value: dict[str, Value], route: Route, kind: str) -> Iterator[Site]:
    """`image: {tag: …}`, whose name stands in the chart's own values: a site without a name."""
    if not route or not isinstance(route[-1], str) or "tag" not in value:
        return
    if any(key in value for key in ("repository", "name", "image")):
        return
    if _is_image_key(route[-1]) or not _ALWAYS_PULLED.isdisjoint(value):
        split = Split(
            tag=((*route, "tag"), value["tag"]),
            digest=entry(value, route, "digest"),
        )
        yield from one(split_site(scope, kind, split))


def _volume(scope: Scope, value: dict[str, Value], route: Route, kind: str) -> Iterator[Site]:
    """An image volume: `volumes: [{image: {reference: …}}]`."""
    image = value.get("image")
    if isinstance(image, dict) and isinstance(image.get("reference"), str):
        at: Route = (*route, "image", "reference")
        yield from one(reference_site(scope, kind, at, image["reference"]))


def _bundle(scope: Scope, value: dict[str, Value], route: Route, kind: str) -> Iterator[Site]:
    """A Tekton bundle: `{resolver: bundles, params: [{name: bundle, value: …}]}`."""
    params = value.get("params") if value.get("resolver") == "bundles" else None
    for index, item in enumerate(params if isinstance(params, list) else ()):
        if isinstance(item, dict) and item.get("name") == "bundle":
            at: Route = (*route, "params", index, "value")
            yield from one(reference_site(scope, kind, at, item.get("value")))


def _named_value(scope: Scope, value: dict[str, Value], route: Route, kind: str) -> Iterator[Site]:
    """`{name: X_IMAGE, value: …}` of an environment, `{name: image, default: …}` of a Task, and
    `{kind: DockerImage, name: …}` of OpenShift."""
    name = value.get("name")
    if value.get("kind") == "DockerImage":
        yield from one(reference_site(scope, kind, (*route, "name"), name))
    if not isinstance(name, str) or not (_ENV_NAME.match(name) or _PARAMETER.match(name)):
        return
    for key in ("value", "default"):
        if key in value:
            at: Route = (*route, key)
            yield from one(reference_site(scope, kind, at, value[key], versioned=True))


def _item(scope: Scope, route: Route, text: str, kind: str) -> Iterator[Site]:
    """An item of a list of texts: an argument such as `--sidecar-image=NAME:TAG`, or YAML."""
    match = _ARGUMENT.match(text)
    if match:
        site = reference_site(scope, kind, route, text, versioned=True, before=match[1])
        yield from one(site)
    elif "\n" in text and kind == "values":
        yield from _nested(scope, route, text, kind)


def _nested(scope: Scope, route: Route, text: str, kind: str) -> Iterator[Site]:
    """Objects or values that values hold as a text, or the object that a step of a workflow
    makes."""
    if "image" not in text.lower():
        return
    for inner in inside(scope, route, text):
        yield from walk(inner.scope, inner.value, (), kind)
