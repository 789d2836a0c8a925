"""What the reference binary complains about, as a finding on the line that is to blame.

The texts are those of kustomize 5 (api/internal/target, api/types, kyaml/filesys)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.values import Value
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location, Route
from gitops_ci.render.closure import Closure, texts, top
from gitops_ci.render.kustomize import rules
from gitops_ci.render.output import plain_words
from gitops_ci.render.rules import KUSTOMIZE_BUILD
from gitops_ci.repo.paths import join, parent

_UNKNOWN_FIELD = regex(r'unknown field "([^"]+)"')
_TYPE = regex(r"cannot unmarshal \w+ into Go struct field (?:\w+\.)+?([\w.]+) of type")
_MISSING = regex(r"(?:lstat|stat|open) (\S+): no such file or directory")
_IN_FILE = regex(r"in File: (\S+)")
_OBJECT = regex(r"(\w+)\.(?:[\w.\[\]-]+)/([\w.:-]+)\.\[?[\w.-]+\]?")
_RECURSED = regex(r"recursed (?:accumulation|merging) (?:of|from) path '[^']*': ")
_LOGGED = regex(r'^E\d{4} .*"command failed" err="(.*)"\s*$', re.DOTALL)
_QUOTED = regex(r"'([^'\s]{1,300})'|\"([^\"\s]{1,300})\"")
_CAUSES = (
    ("file sources: [", rules.MISSING_FILE, "a generator cannot read a file"),
    ("env source files: [", rules.MISSING_FILE, "a generator cannot read a file"),
    ("cycle detected", rules.CYCLE, "bases include each other in a circle"),
    ("already registered id", rules.DUPLICATE_ID, "the same object is added twice"),
    ("unknown field", rules.INVALID_FIELD, "kustomize knows no such field"),
    ("no resource matches strategic merge patch", rules.PATCH_NO_TARGET, "a patch matches nothing"),
    ("failed to find unique target", rules.PATCH_NO_TARGET, "a patch has no single target"),
    ("KV pairs", rules.GENERATOR, "a generator cannot use its source"),
    ("unable to find one of", rules.NO_KUSTOMIZATION, "a base has no kustomization file"),
    ("no such file or directory", rules.MISSING_RESOURCE, "a file or directory does not exist"),
    ("is not in or below", rules.OUTSIDE_ROOT, "a file lies outside its kustomization's directory"),
    ("does not apply", rules.INVALID_PATCH, "a JSON patch does not fit the object"),
    ("MalformedYAML", rules.INVALID_RESOURCE, "a file is not valid YAML"),
    ("cannot unmarshal", rules.INVALID_FIELD, "a field has the wrong type"),
    ("kustomization.yaml is empty", KUSTOMIZE_BUILD, "the kustomization is empty"),
)
"""A sign in the text, the rule of the native engine for the same fault, and plain words."""


def failure(text: str, closure: Closure, folder: str) -> Finding:
    """The finding for the error `text` of a build; `folder` is where the repository lies on disk,
    which the message must not show."""
    words = plain_words(_innermost(text), (folder,))
    rule, summary = next(
        ((rule, plain) for sign, rule, plain in _CAUSES if sign in text), (KUSTOMIZE_BUILD, "")
    )
    message = f"{summary}: {words}" if summary else words
    field = _UNKNOWN_FIELD.search(text)
    if field:
        message = f"kustomize knows no field '{field.group(1)}' here"
    location = _blame(text, closure, folder) or Location(closure.top)
    return found(rule, message, location, key=summary or words)


def _innermost(text: str) -> str:
    """The cause at the end of a chain of bases, without the way there and kubectl's log header."""
    logged = _LOGGED.search(text)
    return _RECURSED.split(logged.group(1) if logged else text)[-1]


def _blame(text: str, closure: Closure, folder: str) -> Location | None:
    """The place that the message is about, the most telling sign first."""
    for pattern in (_UNKNOWN_FIELD, _TYPE):
        match = pattern.search(text)
        if match:
            return _field(match.group(1), closure)
    match = _IN_FILE.search(text)
    if match:
        for path in closure.files:
            if path.endswith(match.group(1).lstrip("./")):
                return Location(path)
    for match in _MISSING.finditer(text):
        place = _named(_inside(match.group(1), folder), closure)
        if place is not None:
            return place
    return _object(text, closure) or _quoted(text, closure, folder)


def _inside(path: str, folder: str) -> str:
    return path.removeprefix(folder + "/").strip("'\"")


def _field(name: str, closure: Closure) -> Location | None:
    """The first key of that name, deepest kustomization first."""
    last = name.rpartition(".")[2]
    for source in reversed(closure.kustomizations):
        route = next((route for route in _keys(top(source)) if route[-1] == last), None)
        if route is not None:
            return locate(source, 0, route, part="key").location
    return None


def _keys(value: Value, route: Route = ()) -> Iterator[Route]:
    """The route of every key, those of a mapping before those below it."""
    if isinstance(value, dict):
        yield from ((*route, key) for key in value)
    children = value.items() if isinstance(value, dict) else ()
    entries = enumerate(value) if isinstance(value, list) else ()
    for step, child in (*children, *entries):
        yield from _keys(child, (*route, step))


def _named(path: str, closure: Closure) -> Location | None:
    """The entry of a kustomization that names `path`, deepest kustomization first."""
    for source in reversed(closure.kustomizations):
        for route, text in texts(top(source)):
            target = join(parent(source.path), text.partition("=")[2] or text)
            if path and path in (target, text):
                return locate(source, 0, route).location
    return None


def _object(text: str, closure: Closure) -> Location | None:
    """The patch or resource with the identity that the message names."""
    for match in _OBJECT.finditer(text):
        kind, name = match.groups()
        for source in closure.files.values():
            for document in source.documents:
                value = document.value if isinstance(document.value, dict) else {}
                metadata = value.get("metadata")
                known = metadata.get("name") if isinstance(metadata, dict) else None
                if value.get("kind") == kind and known == name:
                    return locate(source, document.index, ("metadata", "name")).location
        for source in closure.kustomizations:
            place = _inline(source, kind, name)
            if place is not None:
                return place
    return None


def _inline(source: SourceFile, kind: str, name: str) -> Location | None:
    for route, text in texts(top(source)):
        if "\n" in text and kind in text and name in text:
            return locate(source, 0, route).location
    return None


def _quoted(text: str, closure: Closure, folder: str) -> Location | None:
    """The innermost quoted text of the message that some kustomization contains."""
    for match in reversed(list(_QUOTED.finditer(text))):
        place = _named(_inside(match.group(1) or match.group(2), folder), closure)
        if place is not None:
            return place
    return None
