"""Which moves travel together, and how their branch and title are called."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

from gitops_ci.config.globs import name_matches
from gitops_ci.config.layout import fill
from gitops_ci.config.model import Config
from gitops_ci.config.model_promotion import PullRequestConfig
from gitops_ci.model.change import Etiquette
from gitops_ci.model.regex import regex

_UNSAFE = regex(r"[^A-Za-z0-9._-]+|\.{2,}")
_LONGEST_NAME = 80
_LONGEST_TITLE = 200
_SHORT_DIGEST = 19
_EVERYTHING = "all"


class Placed(Protocol):
    """What belongs to a unit: a move, or the site of one."""

    @property
    def environment(self) -> str:
        """Where it is."""
        ...

    @property
    def app(self) -> str:
        """Whose it is, empty when nobody knows."""
        ...

    @property
    def name(self) -> str:
        """What moves."""
        ...


class Moving(Placed, Protocol):
    """What units need to know of a move."""

    @property
    def before(self) -> str:
        """The old version."""
        ...

    @property
    def after(self) -> str:
        """The new version."""
        ...


M = TypeVar("M", bound=Moving)


class Unit(Struct, Generic[M], frozen=True):
    """What one proposal carries: `moves` of one environment, under one name."""

    environment: str
    name: str
    app: str
    group: str
    moves: tuple[M, ...]


def units_of(moves: Iterable[M], config: Config) -> tuple[Unit[M], ...]:
    """The moves, sorted into units as `pr.unit` of each environment says, sorted by environment
    and name. The apps of an atomic group are never apart."""
    sorted_moves: dict[tuple[str, str], list[M]] = defaultdict(list)
    for move in moves:
        sorted_moves[_place(move, config)].append(move)
    return tuple(
        Unit(environment, name, _only(m.app for m in here), _group(here[0].app, config),
             tuple(here))
        for (environment, name), here in sorted(sorted_moves.items())
    )  # fmt: skip


def units_at(places: Iterable[Placed], config: Config) -> tuple[Unit[Any], ...]:
    """The units, without moves, that the places belong to."""
    first: dict[tuple[str, str], Placed] = {}
    for place in places:
        first.setdefault(_place(place, config), place)
    return tuple(
        Unit(environment, name, site.app, _group(site.app, config), ())
        for (environment, name), site in sorted(first.items(), key=lambda item: item[0])
    )


def etiquette_of(rules: PullRequestConfig, unit: str) -> Etiquette:
    """How proposals of the unit behave. Code owners are asked by the forge itself."""
    return Etiquette(
        overwrite=rules.on_human_commits == "overwrite",
        reopen=rules.closed_by_human == "reopen",
        keep_approved=rules.keep_approved,
        most_open=rules.max_open,
        family=rules.branch.partition("{")[0],
        unit=unit,
        labels=rules.labels,
        reviewers=tuple(name for name in rules.reviewers if name != "codeowners"),
    )


def _place(item: Placed, config: Config) -> tuple[str, str]:
    """Environment and name of the unit that it belongs to."""
    environment = item.environment
    return environment, _unit_name(item, settings(config, environment).unit, config)


def settings(config: Config, environment: str) -> PullRequestConfig:
    """How changes to the environment are proposed."""
    known = config.environments.get(environment)
    return known.pr if known and known.pr else config.pr


def wants_merges(config: Config) -> bool:
    """Whether proposals of any environment merge themselves."""
    own = [item.pr for item in config.environments.values() if item.pr is not None]
    return any(rules.automerge for rules in (config.pr, *own))


def branch_of(unit: Unit[M], kind: str, config: Config) -> str:
    """The branch of the unit: the same for the same unit, whatever versions it carries."""
    values = _values(unit, kind)
    parts = fill(settings(config, unit.environment).branch, {k: slug(v) for k, v in values.items()})
    return "/".join(part for part in parts.split("/") if part)


def title_of(unit: Unit[M], kind: str, config: Config) -> str:
    """The title of the unit's proposal. The built-in title says what is done by its kind."""
    template = settings(config, unit.environment).title
    if template == PullRequestConfig().title:
        template = template.replace("promote", "{kind}")
        template = template if unit.environment else template.replace("({env})", "")
    title = fill(template, _values(unit, kind))
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"


def slug(text: str) -> str:
    """`text` as a part of a branch's name. Names that only differ in what a branch cannot carry
    stay different."""
    cleaned = _UNSAFE.sub("-", text).strip(".-").removesuffix(".lock")[:_LONGEST_NAME]
    if cleaned == text:
        return cleaned
    mark = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:8]
    return f"{cleaned}-{mark}" if text else ""


def _values(unit: Unit[M], kind: str) -> Mapping[str, str]:
    return {
        "kind": kind,
        "env": unit.environment,
        "unit": unit.name,
        "app": unit.app or unit.name,
        "group": unit.group or unit.name,
        "from": _versions(move.before for move in unit.moves),
        "to": _versions(move.after for move in unit.moves),
    }


def _versions(texts: Iterable[str]) -> str:
    known = sorted({short(text) for text in texts})
    return known[0] if len(known) == 1 else f"{len(known)} versions"


def short(version: str) -> str:
    """A version for a title: of a digest the beginning is enough."""
    tag, at, digest = version.rpartition("@")
    if tag:
        return tag
    return digest[:_SHORT_DIGEST] if at or ":" in digest else digest or "none"


def _unit_name(move: Placed, unit: str, config: Config) -> str:
    app = move.app or move.name.rpartition("/")[2] or _EVERYTHING
    if unit == "environment":
        return _EVERYTHING
    group = _group(app, config)
    if unit == "group" or (group and config.groups[group].atomic):
        return group or app
    if unit == "team":
        owners = _owners(app, config)
        return owners[0].removeprefix("@") if owners else app
    return app


def _group(app: str, config: Config) -> str:
    for name, group in config.groups.items():
        if any(name_matches(glob, app) for glob in group.apps):
            return name
    return ""


def _owners(app: str, config: Config) -> tuple[str, ...]:
    known = config.apps.get(app) or config.apps.get("defaults")
    return known.owners if known else ()


def _only(names: Iterable[str]) -> str:
    known = set(names)
    return known.pop() if len(known) == 1 else ""
