"""images: other names, tags and digests for container images."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from gitops_ci.documents.scalars import resolve_kustomize
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize.failure import MismatchError
from gitops_ci.render.kustomize.field_specs import Specs, specs_for
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.ids import Gvk, gvk_in
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.selectors import go_regex
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.writes import WriteStep, mismatch
from gitops_ci.render.kustomize.values import Value, get, put, text_of
from gitops_ci.render.kustomize.walk import leaves, split_path

_LISTS = ("containers", "initContainers")
_TAG = r"(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?"


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return go_regex(f"^{name}{_TAG}$")


def split_image(image: str) -> tuple[str, str, str]:
    """Name, tag and digest of an image reference; a port in the host is part of the name."""
    host = image.find("/")
    rest = max(host, 0)
    at = image.find("@", rest)
    colon = image.find(":", rest)
    if at != -1 and (colon == -1 or at < colon):
        return image[:at], "", image[at + 1 :]
    if at != -1:
        return image[:colon], image[colon + 1 : at], image[at + 1 :]
    if colon != -1:
        return image[:colon], image[colon + 1 :], ""
    return image, "", ""


class ImageTransformer:
    """One `images:` entry. `matched` tells after `apply` whether it matched anything."""

    def __init__(self, entry: Mapping[str, Any], specs: Specs, spot: Spot) -> None:
        self._entry = {key: text_of(value) for key, value in entry.items()}
        self._specs = specs
        self._tops = _tops(specs)
        self._spot = spot
        self._step = WriteStep(self._touches)
        self._pattern = _pattern(self._entry.get("name", ""))
        self._new: dict[str, str | None] = {}
        self.matched = False

    def apply(self, resources: list[Resource]) -> None:
        """Change the images that the entry means, in every resource but CRDs."""
        for resource in resources:
            if resource.gvk.kind == "CustomResourceDefinition":
                continue
            value = resource.value
            try:
                for route in self._routes(value, resource.gvk):
                    image = get(value, route)
                    if isinstance(image, (dict, list)):
                        raise MismatchError("the image is not a single value")
                    new = self._replaced(text_of(image))
                    if new is not None and new != image:
                        plain = not isinstance(image, str)
                        value = put(value, route, resolve_kustomize(new) if plain else new)
            except MismatchError as error:
                raise mismatch(error, resource, self._spot.location, "the image entry") from error
            if value is not resource.value:
                resource.change(value, self._step)

    def _routes(self, value: dict[str, Any], gvk: Gvk) -> list[Route]:
        """Every place of an image, twice where both searches of the reference find it: a suffix is
        then added twice."""
        specs, tops = specs_for(self._specs, gvk), self._tops
        routes: list[Route] = []
        for name, child in value.items():
            if name in tops:
                routes.extend(_routes_of(name, child, specs))
            elif isinstance(child, (dict, list)):
                routes.extend(_routes_of(name, child, ()))
        return routes

    def _replaced(self, image: str) -> str | None:
        """The new image; None when the entry does not mean this one."""
        if image not in self._new:
            self._new[image] = self._compute(image)
        if self._new[image] is not None:
            self.matched = True
        return self._new[image]

    def _compute(self, image: str) -> str | None:
        if not self._pattern.match(image):
            return None
        entry = self._entry
        name, tag, digest = split_image(image)
        name = entry.get("newName") or name
        if entry.get("newTag") or entry.get("digest"):
            tag, digest = entry.get("newTag", ""), entry.get("digest", "")
        elif entry.get("tagSuffix"):
            tag, digest = tag + entry["tagSuffix"], ""
        return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")

    def _touches(self, value: dict[str, Any]) -> Iterator[tuple[Route, Hit]]:
        fields = ("digest", "newTag", "tagSuffix", "newName", "name")
        field = next((name for name in fields if self._entry.get(name)), "name")
        for route in self._routes(value, gvk_in(value)):
            if self._replaced(text_of(get(value, route))) is not None:
                yield route, Hit(self._spot.below(field), "images entry")


@lru_cache(maxsize=32)
def _tops(specs: Specs) -> frozenset[str]:
    """The fields of an object that specs begin with."""
    return frozenset(_top(split_path(spec.path)) for spec in specs)


def _top(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix("[]")


_known: dict[tuple[str, int, int], tuple[Value, Specs, tuple[Route, ...]]] = {}
_REMEMBERED = 5_000


def _routes_of(name: str, child: Value, specs: Specs) -> tuple[Route, ...]:
    """The routes in one field of an object. Those in collections are remembered, because overlays
    share their specs; metadata is short, and nearly always new."""
    if not isinstance(child, (dict, list)) or name == "metadata":
        return _search(name, child, specs)
    key = name, id(child), id(specs)
    known = _known.get(key)
    if known is not None and known[0] is child and known[1] is specs:
        return known[2]
    if len(_known) >= _REMEMBERED:
        _known.clear()
    routes = _search(name, child, specs)
    _known[key] = (child, specs, routes)
    return routes


def _search(name: str, child: Value, specs: Specs) -> tuple[Route, ...]:
    routes = container_images({name: child}) if isinstance(child, (dict, list)) else []
    for spec in specs:
        parts = split_path(spec.path)
        if _top(parts) == name:
            routes.extend(leaves({name: child}, parts))
    return tuple(routes)


def container_images(value: Value) -> list[Route]:
    """The routes of `image` in the items of every `containers` and `initContainers` list, wherever
    it stands: kustomize looks into custom resources too."""
    routes: list[Route] = []
    for step, child in value.items() if isinstance(value, dict) else enumerate(value):
        if not isinstance(child, (dict, list)):
            continue
        routes.extend((step, *route) for route in container_images(child))
        if step in _LISTS and isinstance(child, list):
            routes.extend(
                (step, index, "image")
                for index, item in enumerate(child)
                if isinstance(item, dict) and "image" in item
            )
    return routes
