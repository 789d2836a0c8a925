"""The reference page of the configuration, made from the model itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from gitops_ci.config import kinds
from gitops_ci.config.fields import FieldInfo, fields_of
from gitops_ci.config.keys import shown
from gitops_ci.config.model import Config
from gitops_ci.config.sample import sample, scalar

_WORDS: dict[Any, str] = {str: "text", bool: "true or false", int: "whole number", float: "number"}
_KIND_WORDS = {
    "duration": "duration",
    "glob": "glob",
    "layout": "layout",
    "owner": "user or team",
    "window": "time window",
    "timezone": "time zone",
    "path": "path",
    "kubernetes": "Kubernetes version",
    "percent": "percentage",
    "pack": "pack",
    "pack-name": "pack",
    "policy-name": "name",
    "template": "template",
    "sources": "list of environments, or `{any: [...]}`",
    "severity": "mapping of rule id to severity or `off`",
}
_HEAD = """\
# Configuration

`.gitops-ci.yaml` in the root of the repository. Everything is optional; without the file the
defaults below hold. Durations are written `60s`, `24h`, `1h30m` or `7d`. Globs are those of
`.gitignore`. In layouts `{app}`, `{env}`, `{cluster}`, `{region}`, `{tenant}` and `{group}` name
one path segment or a part of it, `*` is one segment and `**` any number of them.

What is set twice is decided in this order, the last one wins: built-in default, files (those in
`extends` first), environment variables (`GITOPS_CI_*`), inputs of the action, flags.
"""


def reference() -> str:
    """The page in Markdown, the annotated sample at its end."""
    parts = [_HEAD, *_tables(), f"## A complete sample\n\n```yaml\n{sample()}```\n"]
    return "\n".join(parts)


def _tables() -> Iterator[str]:
    yield "## Top level\n\n" + _table(Config)
    for info in fields_of(Config):
        yield from _inner(info, "")


def _inner(info: FieldInfo, above: str) -> Iterator[str]:
    section = info.section
    if section is None:
        return
    name = f"{above}{info.yaml}{'[]' if info.is_list else '.<name>' if info.is_map else ''}"
    if info.setting.inherits:
        return
    about = " ".join((section.__doc__ or "").split())
    yield f"## `{name}`\n\n{about}\n\n{_table(section)}"
    for item in fields_of(section):
        yield from _inner(item, f"{name}.")


def _table(section: type) -> str:
    rows = ["| key | value | default | meaning |", "|---|---|---|---|"]
    rows += [_row(info) for info in fields_of(section)]
    return "\n".join(rows) + "\n"


def _row(info: FieldInfo) -> str:
    default = "required" if info.setting.required else _default(info)
    cells = (f"`{info.yaml}`", _type(info), default, info.setting.doc)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(info: FieldInfo) -> str:
    value = shown(info, info.default)
    if info.section is not None or value in (None, [], {}, ""):
        return ""
    return f"`{scalar(value)}`"


def _type(info: FieldInfo) -> str:
    if info.setting.inherits:
        return f"as `{info.setting.inherits}`"
    if info.section is not None:
        return "list" if info.is_list else "mapping by name" if info.is_map else "section"
    inner = info.item if info.is_list or info.is_map else info.type
    word = _KIND_WORDS.get(info.setting.kind.removesuffix(kinds.OR_LIST)) or (
        "date" if inner is date else _WORDS[inner]
    )
    if info.setting.choices:
        word = ", ".join(f"`{choice}`" for choice in info.setting.choices)
    if info.setting.kind in ("sources", "severity"):
        return word
    return f"list of {word}" if info.is_list else f"mapping to {word}" if info.is_map else word
