"""What helm complains about, as a finding on the template or values line that is to blame.

The texts are those of Helm 3 (pkg/engine, pkg/chartutil, pkg/releaseutil)."""

from __future__ import annotations

import re

from msgspec.structs import replace

from gitops_ci.documents.text import Lines, decode
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location
from gitops_ci.render.helm.origins import ReleaseOrigins
from gitops_ci.render.output import plain_words
from gitops_ci.render.rules import HELM_FAILED
from gitops_ci.repo.tree import UnreadableError

_PLACE = regex(r"([\w.-]+(?:/[\w.+-]+)*/(?:templates|crds)/[\w./+-]+?):(\d+)(?::(\d+))?")
_TEMPLATE = regex(r"([\w.-]+(?:/[\w.+-]+)*/templates/[\w./+-]+)")
_SCHEMA = regex(r"^- (?:at '/?([^']*)'|([\w.\[\]-]+)):? ?(.*)$", re.MULTILINE)
_VALUES = regex(r"<\.Values\.([\w.]+)>")
_NIL = "nil pointer evaluating"
_NO_FIELD = "can't evaluate field"
_HINT = "\n\nUse --debug flag to render out invalid YAML"


def failure(text: str, origins: ReleaseOrigins, private: tuple[str, ...]) -> Finding:
    """The finding for what helm printed when it failed; `private` folders are not shown."""
    text = text.replace(_HINT, "")
    words = plain_words(text, private)
    location = _schema(text, origins) or _nil(text, origins) or _place(text, origins)
    finding = found(HELM_FAILED, words, location or origins.fallback, key=words)
    match = _VALUES.search(text)
    if match and _NIL in text:
        parts = match.group(1).split(".")
        parent = ".".join(parts[:-1]) or parts[0]
        finding = replace(finding, hint=f"'{parent}' is not set in any values file")
    return finding


def _place(text: str, origins: ReleaseOrigins) -> Location | None:
    """The last template and line that the message names: the innermost of an include chain is
    where it fails."""
    if origins.outside is not None:
        return None
    match = next(reversed(list(_PLACE.finditer(text))), None)
    if match is None:
        named = _TEMPLATE.search(text)
        path = origins.template(named.group(1))[0] if named else None
        return Location(path) if path else None
    path = origins.template(match.group(1))[0]
    if path is None:
        return None
    try:
        lines = Lines(decode(origins.files.tree.read(path)))
    except (UnreadableError, UnicodeDecodeError):
        return Location(path)
    number = int(match.group(2))
    line = lines.line(number)
    start = lines.offset(number, len(line) - len(line.lstrip()) + 1)
    return Location(path, lines.span(start, start + len(line.strip())))


def _schema(text: str, origins: ReleaseOrigins) -> Location | None:
    """The values line that the chart's values.schema.json refuses."""
    if "the specifications of the schema" not in text:
        return None
    for match in _SCHEMA.finditer(text):
        way = (match.group(1) or match.group(2) or "").replace("/", ".").split(".")
        setting = origins.setting(origins.assembly.name, tuple(part for part in way if part))
        if setting is not None:
            return setting.location
    return None


def _nil(text: str, origins: ReleaseOrigins) -> Location | None:
    """For a field of a key that the values hold, but empty or as something else: that key."""
    match = _VALUES.search(text)
    if match is None or not (_NIL in text or _NO_FIELD in text):
        return None
    parts = match.group(1).split(".")
    setting = origins.setting(origins.assembly.name, tuple(parts[:-1]))
    return setting.location if setting is not None and len(parts) > 1 else None
