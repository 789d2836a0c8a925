"""Reading the scalars of a file, or of YAML inside a scalar, as they are written."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import scalar_at
from gitops_ci.documents.nested import read_nested
from gitops_ci.documents.values import Value
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.model import Address, Part, Role, Site

TEMPLATED = "the value is a template"
_TEMPLATE = regex(r"\{\{|\$\{|\$\(|\{%|<%|<<")
_MAX_TEXT = 2**20
_MAX_LEVELS = 3


def is_template(text: str) -> bool:
    """Whether another program fills in the text: Go and Jinja templates, `${VAR}`, `$(VAR)`."""
    return _TEMPLATE.search(text) is not None


class Text(Struct, frozen=True):
    """A YAML text: a file, or with `within` the text of a scalar in it."""

    source: SourceFile
    within: tuple[tuple[int, Route], ...] = ()

    @property
    def path(self) -> str:
        """The file's path."""
        return self.source.path


class Scope(Struct, frozen=True):
    """One document of a text, and the object that is looked at."""

    text: Text
    document: int
    object: ObjectRef | None = None

    def written(self, route: Route, value: Value) -> str | None:
        """The scalar as it is written: `1.10` although it is read as a number. None for anything
        that is no string or number."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        source = self.text.source
        doubts = source.documents[self.document].doubts
        for doubt in doubts:
            if doubt.route == route and not doubt.key:
                return doubt.text
        if doubts and b"*" in source.data:  # a doubt stands where the anchor is
            return scalar_at(source, self.document, route) or str(value)
        return str(value)

    def at(self, route: Route) -> Address:
        """The address of the scalar at `route`."""
        return Address(self.document, route, self.text.within)

    def part(
        self, role: Role, route: Route, text: str, *, before: str = "", after: str = ""
    ) -> Part:
        """The part at `route`."""
        return Part(role, self.at(route), text, before, after)

    def missing(self, role: Role, route: Route) -> Part:
        """A part that is not written yet."""
        return Part(role, self.at(route), missing=True)

    def nested(self, route: Route, value: str) -> Text | None:
        """The text of the scalar at `route` as YAML; None when it is none, or a plain word."""
        if len(self.text.within) >= _MAX_LEVELS or len(value) > _MAX_TEXT:
            return None
        if ":" not in value or self.text.path.endswith(".json"):
            return None
        source = read_nested(self.text.source, value)
        if source.broken or not any(isinstance(d.value, (dict, list)) for d in source.documents):
            return None
        return Text(source, (*self.text.within, (self.document, route)))


class Inner(Struct, frozen=True):
    """An object, a patch or values inside another object, still to be read. `kind` says what it is
    when it is no object; `target` is what a patch is for, as far as its kustomization says so."""

    scope: Scope
    value: Value
    route: Route = ()
    kind: str = "patch"
    target: dict[str, Value] = field(default_factory=dict)


Found = Site | Inner


def one(site: Site | None) -> Iterator[Site]:
    """The site, if there is one."""
    if site is not None:
        yield site


def entry(value: dict[str, Value], route: Route, key: str | None) -> tuple[Route, Value] | None:
    """Route and value of a key of the mapping at `route`; None when it has none such."""
    return ((*route, key), value[key]) if key is not None and key in value else None


def inside(
    scope: Scope,
    route: Route,
    value: Value,
    *,
    kind: str = "patch",
    target: dict[str, Value] | None = None,
) -> Iterator[Inner]:
    """What the text at `route` holds, if it is YAML."""
    inner = scope.nested(route, value) if isinstance(value, str) else None
    for document in inner.source.documents if inner is not None else ():
        assert inner is not None
        at = Scope(inner, document.index, scope.object)
        yield Inner(at, document.value, (), kind, target or {})


def text_at(source: SourceFile, within: tuple[tuple[int, Route], ...]) -> Text | None:
    """The text that an address of the file leads into; None when it is not there any more."""
    text = Text(source)
    for document, route in within:
        if document >= len(text.source.documents):
            return None
        value = value_at(text.source, document, route)
        if not isinstance(value, str):
            return None
        inner = Scope(text, document).nested(route, value)
        if inner is None:
            return None
        text = inner
    return text


def value_at(source: SourceFile, document: int, route: Route) -> Value:
    """The value at `route`; None when there is none."""
    value = source.documents[document].value
    for step in route:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
