"""Sites of Argo CD ApplicationSets: what the template pins itself, and what the elements of its
generators fill in.

A value such as `{{version}}` in the template is no site; the values of `version` in list elements,
in `values:` of a generator and in the files of a git generator are, and the template says what they
are versions of.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.documents.values import Value
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.repo.deployers import mapping, sequence, text
from gitops_ci.repo.sites.argocd import application_sites
from gitops_ci.repo.sites.fields import walk
from gitops_ci.repo.sites.images import reference_site
from gitops_ci.repo.sites.known import Known
from gitops_ci.repo.sites.model import Role, Site, Subject
from gitops_ci.repo.sites.pins import Pinned, version_site
from gitops_ci.repo.sites.text import TEMPLATED, Found, Scope, Text, is_template

KIND = "appset-element"
_WHOLE = regex(r"\{\{-?\s*\.?([A-Za-z_][\w.\-]*)\s*-?\}\}\Z")
_ANY = regex(r"\{\{-?\s*\.?([A-Za-z_][\w.\-]*)\s*-?\}\}")
_HINTS = ("env", "environment", "stage", "cluster", "name", "metadata.labels.environment")
_MOST_SETS = 2_000


class _Set(Struct, frozen=True):
    """The parameters of one Application as they are written: `own` in this place, `shared` in the
    other generators that it is combined with."""

    scope: Scope
    own: dict[str, tuple[Route, Value]]
    shared: dict[str, str] = field(default_factory=dict)

    def fill(self, written: str) -> str:
        """`written` with the parameters that are known filled in."""
        return _ANY.sub(lambda match: self._value(match[1], match[0]), written)

    def _value(self, key: str, otherwise: str) -> str:
        if key in self.own:
            return self.scope.written(*self.own[key]) or otherwise
        return self.shared.get(key, otherwise)

    @property
    def hint(self) -> str:
        """A parameter that speaks of an environment, or empty."""
        found = (self._value(key, "") for key in _HINTS)
        return next((value for value in found if value), "")


def applicationset_sites(
    scope: Scope, spec: dict[str, Value], at: Route, known: Known
) -> Iterator[Found]:
    """The sites of an ApplicationSet whose `spec` stands at `at`."""
    sets = list(_sets(scope, spec.get("generators"), (*at, "generators"), known))[:_MOST_SETS]
    for made in sets:
        for site in _plain(made):
            yield replace(site, environment=made.hint)
    template = mapping(mapping(spec.get("template")).get("spec"))
    for found in application_sites(scope, template, (*at, "template", "spec")):
        if not isinstance(found, Site) or found.refusal != TEMPLATED:
            yield found
            continue
        bound = [site for made in sets for site in _bind(found, made)]
        yield from bound or [found]


def _plain(made: _Set) -> Iterator[Site]:
    """Images among the parameters that say by their own names what they are."""
    tree: dict[str, Value] = {key: value for key, (_, value) in made.own.items() if "." not in key}
    roots = {key: route[:-1] for key, (route, _) in made.own.items() if "." not in key}
    for root in dict.fromkeys(roots.values()):
        part = {key: value for key, value in tree.items() if roots[key] == root}
        yield from walk(made.scope, part, root, KIND)


def _bind(site: Site, made: _Set) -> Iterator[Site]:
    """The site of the parameter that the template's value consists of."""
    part = next((p for p in site.parts if p.role in (Role.TAG, Role.REFERENCE)), None)
    if part is None:
        return
    whole = part.before + part.text if not part.text else part.text
    match = _WHOLE.match(whole)
    if match is None or match[1] not in made.own:
        return
    route, value = made.own[match[1]]
    name, source = made.fill(site.name), made.fill(site.source)
    if site.subject is Subject.IMAGE and not name:
        found = reference_site(made.scope, KIND, route, value, versioned=True)
    else:
        pinned = Pinned(site.subject, "" if is_template(name) else name, source)
        found = version_site(made.scope, KIND, route, value, pinned)
    if found is not None:
        yield replace(found, environment=made.hint)


def _sets(scope: Scope, value: Value, at: Route, known: Known) -> Iterator[_Set]:
    for index, item in enumerate(sequence(value)):
        generator = mapping(item)
        yield from _generator(scope, generator, (*at, index), known)


def _generator(
    scope: Scope, generator: dict[str, Value], at: Route, known: Known
) -> Iterator[_Set]:
    for key, value in generator.items():
        inner = mapping(value)
        place: Route = (*at, key)
        if key == "list":
            for index, element in enumerate(sequence(inner.get("elements"))):
                yield _Set(scope, dict(_flat(element, (*place, "elements", index), "")))
        elif key in ("matrix", "merge"):
            parts = list(_sets(scope, inner.get("generators"), (*place, "generators"), known))
            yield from _combined(parts)
        elif key == "git" and "files" in inner:
            yield from _files(scope, inner, place, known)
        elif "values" in inner:
            own = dict(_flat(inner["values"], (*place, "values"), "values."))
            yield _Set(scope, own, _selected(inner))


def _combined(parts: list[_Set]) -> Iterator[_Set]:
    """Parameters of generators that are combined: one knows what all others agree about, or what
    the first one says."""
    for made in parts:
        shared = dict(made.shared)
        for other in parts:
            for key, place in other.own.items():
                shared.setdefault(key, other.scope.written(*place) or "")
        yield replace(made, shared=shared)


def _selected(generator: dict[str, Value]) -> dict[str, str]:
    """Labels that a cluster generator selects by, as the parameters that they become."""
    labels = mapping(mapping(generator.get("selector")).get("matchLabels"))
    return {f"metadata.labels.{key}": text(value) for key, value in labels.items()}


def _files(scope: Scope, git: dict[str, Value], place: Route, known: Known) -> Iterator[_Set]:
    for item in sequence(git.get("files")):
        pattern = text(mapping(item).get("path"))
        if not pattern or is_template(pattern):
            continue
        for source in known.generator_files(pattern):
            for document in source.documents:
                inner = Scope(Text(source), document.index, scope.object)
                several = isinstance(document.value, list)
                items = enumerate(document.value) if several else ((None, document.value),)
                for index, element in items:
                    yield _Set(inner, dict(_flat(element, () if index is None else (index,), "")))
    if "values" in git:
        yield _Set(scope, dict(_flat(git["values"], (*place, "values"), "values.")))


def _flat(value: Value, route: Route, prefix: str) -> Iterator[tuple[str, tuple[Route, Value]]]:
    """The scalars of nested mappings, by their dotted names, and the mappings themselves at the
    first level."""
    stack = [(prefix.removesuffix("."), route, value)]
    while stack:
        name, at, item = stack.pop()
        if isinstance(item, dict):
            if name and "." not in name and not prefix:
                yield name, (at, item)
            for key, part in item.items():
                stack.append((f"{name}.{key}" if name else key, (*at, key), part))
        elif name:
            yield name, (at, item)
