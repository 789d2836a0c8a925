"""What stays the same about a place while its line, its version and its environment change.

A `Place` is an app in an environment; a `Slot` is one thing in it that has a value. Slots of two
places of the same app can be compared: where the environment's name stands in a path or a key, a
slot has `{env}`. Slots of one place at two revisions can be compared: list items are known by what
they say of themselves, not by their number, and documents by the object in them.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.values import Value
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.change import main_part
from gitops_ci.repo.sites.model import Address, Part, Site
from gitops_ci.repo.sites.text import text_at

VALUE, FILE = "value", "file"
"""The sorts of slots that are no pins; a pin's sort is its subject: image, chart, artifact, git."""

ENV = "{env}"
_NAMES = ("name", "env", "environment", "cluster", "id", "key", "path", "chart", "repoURL")
"""What tells the items of a list apart, the best first."""


class Place(Struct, frozen=True, order=True):
    """An app in an environment. `variant` is set where the app lies there several times, such as
    `cluster=eu-1`; each variant moves for itself and keeps its own differences."""

    environment: str
    app: str
    variant: str = ""

    def __str__(self) -> str:
        words = (self.environment, self.app or "(no app)", self.variant)
        return "/".join(word for word in words if word)


class Slot(Struct, frozen=True, order=True):
    """One thing of a place that has a value: a version, a configured key, a configured file.

    `sort` is `image`, `chart`, `artifact`, `git`, `value` or `file`; `name` what a version is of
    (empty for the other two); `file` the path inside the place; `key` the way inside the file.
    Two slots that differ in `name` alone are the same place with another registry or product.
    """

    sort: str
    name: str
    file: str
    key: str = ""

    @property
    def spot(self) -> tuple[str, str, str]:
        """The place alone, whatever it holds a version of."""
        return (self.sort, self.file, self.key)


def site_key(source: SourceFile, site: Site, is_env: Callable[[str], bool]) -> str:
    """The way to the version of `site` in its file. `is_env` knows the words that mean the site's
    environment."""
    part = main_part(site)
    return address_key(source, part.at, site.object, is_env, part)


def address_key(
    source: SourceFile,
    at: Address,
    ref: ObjectRef | None,
    is_env: Callable[[str], bool],
    part: Part | None = None,
) -> str:
    """The way to a scalar; `part` is what of it is a version."""
    steps = [(document, route) for document, route in at.within] + [(at.document, at.route)]
    words = [f"{ref.kind}/{_own(ref.name, is_env)}"] if ref and ref.kind and ref.name else []
    for depth, (document, route) in enumerate(steps):
        text = text_at(source, tuple(steps[:depth]))
        documents = text.source.documents if text else ()
        value = documents[document].value if document < len(documents) else None
        last = part if depth == len(steps) - 1 else None
        words.append(_route_key(value, route, is_env, last))
    return "|".join(words)


def _route_key(value: Value, route: Route, is_env: Callable[[str], bool], part: Part | None) -> str:
    key = ""
    for step in route:
        if isinstance(step, int):
            items = value if isinstance(value, list) else []
            value = items[step] if step < len(items) else None
            key += f"[{_item(value, step, is_env, part)}]"
        else:
            value = value.get(step) if isinstance(value, dict) else None
            key += ("." if key else "") + (ENV if is_env(step) else step)
    return key


def _item(value: Value, index: int, is_env: Callable[[str], bool], part: Part | None) -> str:
    """How an item of a list is known: a mapping by its name, a text by what is no version."""
    if isinstance(value, dict):
        for name in _NAMES:
            word = value.get(name)
            if isinstance(word, str) and word:
                return f"{name}={_own(word, is_env)}"
    if isinstance(value, str) and part is not None and part.text:
        rest = part.before or value.replace(part.text, "", 1)
        return rest or str(index)
    return str(index)


def _own(word: str, is_env: Callable[[str], bool]) -> str:
    return ENV if is_env(word) else word
