"""What stands on more than one line of a text that no YAML reader takes, such as the templates of a
chart: manifests of Secrets, and the environment of a container."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_ci.model.regex import regex
from gitops_ci.secrets import rules
from gitops_ci.secrets.decode import from_base64
from gitops_ci.secrets.hit import Hit, Stretch
from gitops_ci.secrets.judge import Care, credential
from gitops_ci.secrets.secret_data import weight
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.source_text import SourceText

MARK = "kind: secret"
_KIND = regex(r"kind:\s{1,8}[\"']?(\w+)[\"']?\s*\Z")
_PART = regex(r"(?P<indent>[ \t]*)(?P<part>data|stringData):\s*\Z")
_ENTRY = regex(
    r"(?P<indent>[ \t]*)[\"']?(?P<key>[\w.-]{1,200})[\"']?:[ \t]{1,40}(?P<value>\S.*?)[ \t\r]*\Z"
)
_TEMPLATE = "{{"
_GIVEN = regex(
    rb"(?m)^[ \t]*(?:-[ \t]+)?name:[ \t]+[\"']?(?P<name>[\w.-]{1,200})[\"']?[ \t\r]*\n"
    rb"[ \t]*value:[ \t]+[\"']?(?P<value>[^\s\"'{&*!|>][^\s\"']{0,400})[\"']?[ \t\r]*$"
)
_COMMENTED = regex(rb"(?m)^[ \t]*#[^\n]*\bkind:[ \t]+[\"']?Secret\b")
_COMMENT = regex(r"[ \t]*#(?: (?=\S))?")


def secrets_in_templates(source: SourceText) -> Iterator[Hit]:
    """The literal entries under `data` and `stringData` of the documents whose kind is Secret."""
    document: list[tuple[int, str]] = []
    for line in source.all_lines():
        if line.text.startswith("---"):
            yield from _document(document, source)
            document = []
        else:
            document.append((line.start, line.text))
    yield from _document(document, source)


def values_in_templates(source: SourceText, care: Care) -> Iterator[Hit]:
    """The credentials that stand below their names, as `name:` and `value:`."""
    for given in _GIVEN.finditer(source.data):
        name, value = (given[part].decode("utf-8", "replace") for part in ("name", "value"))
        severity = None if _TEMPLATE in value else credential(name, value, care)
        if severity is not None:
            start = source.offset(given.start("value"))
            place = Stretch(start, start + len(value))
            yield Hit(rules.CREDENTIAL, SecretText(value), f"'{name}'", name, place, severity)


def commented_secrets(source: SourceText) -> Iterator[Hit]:
    """The entries of Secret manifests that are commented out."""
    if _COMMENTED.search(source.data) is None:
        return
    block: list[tuple[int, str]] = []
    for line in source.all_lines():
        sign = _COMMENT.match(line.text)
        text = line.text[sign.end() :] if sign else ""
        if sign is None or text.startswith("---"):
            yield from _document(block, source)
            block = []
        else:
            block.append((line.start + sign.end(), text))
    yield from _document(block, source)


def _document(lines: list[tuple[int, str]], source: SourceText) -> Iterator[Hit]:
    kinds = {match[1] for _, text in lines if (match := _KIND.match(text))}
    if "Secret" not in kinds:
        return
    part, depth = "", -1
    for start, text in lines:
        opened = _PART.match(text)
        if opened:
            part, depth = opened["part"], len(opened["indent"])
            continue
        inner = text.lstrip(" \t")
        if not part or _TEMPLATE in text or inner.strip() == "" or inner.startswith("#"):
            continue
        if len(text) - len(inner) <= depth:
            part = ""  # also where a program goes on in which the manifest was a text
            continue
        entry = _ENTRY.match(text)
        if entry is not None:
            yield from _entry(entry, part, source.offset(start))


def _entry(entry: re.Match[str], part: str, offset: int) -> Iterator[Hit]:
    written = entry["value"].strip("\"'")
    value = (from_base64(written) or written) if part == "data" else written
    severity = weight(entry["key"], value)
    if severity is not None and written[:1] not in "|>&*!":
        start = offset + entry.start("value")
        yield Hit(
            rules.KUBERNETES_SECRET,
            SecretText(value),
            f"'{entry['key']}' of a Secret",
            entry["key"],
            Stretch(start, start + len(entry["value"])),
            severity,
        )
