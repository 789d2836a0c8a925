"""The values of a release as layers, so that it is known which file set which value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from gitops_ci.documents.locate import locate
from gitops_ci.model.span import Location, Route
from gitops_ci.render.objects import Origin
from gitops_ci.render.routes import MISSING, at
from gitops_ci.repo.files import Files

Find = Callable[[Route], Location | None]


class Layer(Struct, frozen=True):
    """Values from one place. `find` gives the place of a route of `value`. Helm gets `data` as a
    values file or, when that is None, `words` on its command line. `outside` says that the values
    lie outside the repository."""

    value: dict[str, Any]
    find: Find
    data: bytes | None = None
    words: tuple[str, ...] = ()
    outside: bool = False


def file_layer(files: Files, path: str) -> Layer:
    """The values file at `path`. Raises UnreadableError."""
    source = files.source(path)
    value = source.documents[0].value if source.documents else {}

    def find(route: Route) -> Location | None:
        place = locate(source, 0, route)
        return place.location if place.exact else None

    return Layer(value if isinstance(value, dict) else {}, find, source.data)


def inline_layer(value: dict[str, Any], data: bytes, origin: Origin, base: Route) -> Layer:
    """Values that stand in the deployer's object below `base`, as a mapping."""

    def find(route: Route) -> Location | None:
        return origin.trace(base + route).location

    return Layer(value, find, data)


def text_layer(value: dict[str, Any], data: bytes, origin: Origin, base: Route) -> Layer:
    """Values that stand in the deployer's object at `base`, as a text: only the text is known."""

    def find(_route: Route) -> Location | None:
        return origin.trace(base).location

    return Layer(value, find, data)


def word_layer(name: str, value: str, words: tuple[str, str], origin: Origin, base: Route) -> Layer:
    """One `--set` parameter `name`, which stands in the deployer's object at `base`."""
    keys = name.replace("\\.", "\0").split(".")
    nested: Any = value
    for key in reversed(keys):
        nested = {key.replace("\0", ".").partition("[")[0]: nested}

    def find(_route: Route) -> Location | None:
        return origin.trace(base).location

    return Layer(nested, find, None, words)


class Setting(Struct, frozen=True):
    """A value and where it was set; for one that is set `outside`, what asks for that."""

    value: Any
    location: Location
    outside: bool = False


def look_up(layers: tuple[Layer, ...], route: Route) -> Setting | None:
    """The value at `route` in the last layer that has it."""
    for layer in reversed(layers):
        value = at(layer.value, route)
        place = layer.find(route) if value is not MISSING else None
        if place is not None:
            return Setting(value, place, layer.outside)
    return None
