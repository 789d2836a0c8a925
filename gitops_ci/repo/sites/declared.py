"""Sites that the configuration names: `sites: [{file, select, keys}]`."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from gitops_ci.config.layout import layout
from gitops_ci.config.model import Config
from gitops_ci.documents.values import Value
from gitops_ci.model.image import InvalidReferenceError, Shape, parse_reference
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.images import Split, reference_site, split_site
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.sites.text import Scope, Text, entry

KIND = "declared"
_NAME_KEYS = ("repository", "image", "newName", "name")
_STEP = regex(r"([^.\[\]]+)|\[(\*|\d+|[^\[\]=]+=[^\[\]]*)\]")
_PLACE = regex(r"\{(\w+)\}\Z")

Captured = dict[str, str]


def is_declared(path: str, config: Config) -> bool:
    """Whether the configuration names sites in the file."""
    return any(layout(rule.file).match(path, exact=True) is not None for rule in config.sites)


def declared_sites(text: Text, config: Config) -> Iterator[Site]:
    """The sites of the file that the configuration names, with the environment and the app that its
    pattern or its way to the value captures."""
    for rule in config.sites:
        placed = layout(rule.file).match(text.path, exact=True)
        if placed is None:
            continue
        for document in text.source.documents:
            for route, holder, captured in _select(document.value, rule.select, placed):
                for key in rule.keys:
                    scope = Scope(text, document.index)
                    yield from _site(scope, route, holder, key, captured, config)


def _site(
    scope: Scope, route: Route, holder: Value, key: str, captured: Captured, config: Config
) -> Iterator[Site]:
    steps = key.split(".")
    for step in steps[:-1]:
        holder = holder.get(step) if isinstance(holder, dict) else None
        route = (*route, step)
    last = steps[-1]
    if not isinstance(holder, dict) or last not in holder:
        return
    at: Route = (*route, last)
    site = _reference(scope, at, holder[last])
    if site is None:
        name = next((k for k in _NAME_KEYS if k != last and _is_name(holder.get(k))), None)
        split = Split(
            name=entry(holder, route, name),
            tag=(at, holder[last]),
            digest=entry(holder, route, "digest") if last != "digest" else None,
        )
        site = split_site(scope, KIND, split)
    if site is not None:
        app = captured.get("app", "")
        patterns = () if site.name else _patterns(config, app)
        environment = captured.get("env", "")
        yield replace(site, app=app, environment=environment, patterns=patterns)


def _reference(scope: Scope, at: Route, value: Value) -> Site | None:
    """The value as a whole reference: a bare word is a tag and no name."""
    if not isinstance(value, str) or not _is_whole(value):
        return None
    return reference_site(scope, KIND, at, value)


def _is_whole(value: str) -> bool:
    try:
        return parse_reference(value).shape is not Shape.NONE
    except InvalidReferenceError:
        return False


def _is_name(value: Value) -> bool:
    return isinstance(value, str) and "/" in value


def _patterns(config: Config, app: str) -> tuple[str, ...]:
    """The images of the app, as the configuration lists them."""
    own = config.apps.get(app) or config.apps.get("defaults")
    return tuple(pattern.replace("{app}", app or "*") for pattern in own.images) if own else ()


def _select(value: Value, way: str, placed: Captured) -> Iterator[tuple[Route, Value, Captured]]:
    """The values that `way` leads to, with what `{name}` in it captures."""
    steps = [match.groups() for match in _STEP.finditer(way)]
    pending: list[tuple[Route, Value, Captured]] = [((), value, placed)]
    for key, bracket in steps:
        pending = [
            found
            for route, item, captured in pending
            for found in _step(route, item, captured, key, bracket)
        ]
    yield from pending


def _step(
    route: Route, value: Value, captured: Captured, key: str | None, bracket: str | None
) -> Iterator[tuple[Route, Value, Captured]]:
    if key is not None:
        for name, item in value.items() if isinstance(value, dict) else ():
            now = _captures(key, name, captured)
            if now is not None:
                yield (*route, name), item, now
        return
    assert bracket is not None
    for index, item in enumerate(value) if isinstance(value, list) else ():
        now = _picks(bracket, index, item, captured)
        if now is not None:
            yield (*route, index), item, now


def _picks(bracket: str, index: int, item: Value, captured: Captured) -> Captured | None:
    if bracket == "*":
        return captured
    if bracket.isdigit():
        return captured if int(bracket) == index else None
    key, _, wanted = bracket.partition("=")
    if not isinstance(item, dict) or key not in item:
        return None
    return _captures(wanted, str(item[key]), captured)


def _captures(pattern: str, text: str, captured: Captured) -> Captured | None:
    """What is captured when `pattern`, a word or `{name}`, meets `text`; None when they differ."""
    place = _PLACE.match(pattern)
    if place is None:
        return captured if pattern in (text, "*") else None
    known = captured.get(place[1])
    if known is not None and known != text:
        return None
    return {**captured, place[1]: text}
