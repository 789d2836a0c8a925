"""Layouts inferred from paths: where the names of environments and apps stand in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct, field

from gitops_ci.config.layout import layout
from gitops_ci.repo import environment_names as names
from gitops_ci.repo.apps import is_generic
from gitops_ci.repo.environments import Environments
from gitops_ci.repo.names import is_yaml
from gitops_ci.repo.paths import parent

_ENV, _APP, _CLUSTER, _ANY = "{env}", "{app}", "{cluster}", "*"
_LEAST = 2
"""So many environments have to stand at the same place: one alone may be a name like any other."""
_MOST = 6
Pattern = tuple[str, ...]


class GuessedLayout(Struct, frozen=True):
    """A layout with the environments and apps that stand where it says, and an example."""

    text: str
    environments: tuple[str, ...]
    apps: tuple[str, ...]
    example: str


class _Seen(Struct):
    environments: set[str] = field(default_factory=set)
    apps: set[str] = field(default_factory=set)
    paths: list[str] = field(default_factory=list)


def guess_layouts(places: Iterable[str], environments: Environments) -> tuple[GuessedLayout, ...]:
    """The layouts in which the places (directories and files) lie, those of most places first. Only
    what gives each place the environment that it has is kept."""
    seen: dict[Pattern, _Seen] = defaultdict(_Seen)
    for path in places:
        found = _pattern(path, environments)
        if found is not None:
            pattern, environment, app = found
            here = seen[pattern]
            here.environments.add(environment)
            here.apps.update({app} - {""})
            here.paths.append(path)
    merged = _merged(seen)
    kept = [
        GuessedLayout(
            "/".join(pattern),
            tuple(sorted(here.environments)),
            tuple(sorted(here.apps)),
            min(here.paths),
        )
        for pattern, here in sorted(merged.items(), key=lambda item: (-len(item[1].paths), item[0]))
        if len(here.environments) >= _LEAST and _agrees(pattern, here.paths, environments)
    ]
    return tuple(kept[:_MOST])


def _pattern(path: str, environments: Environments) -> tuple[Pattern, str, str] | None:
    """The path with its environment and app as names, cut off behind the later of the two."""
    environment = environments.of(path)
    if not environment:
        return None
    segments = path.split("/")
    if is_yaml(path) and not _says(segments[-1], environment):
        return None
    place = next((at for at, one in enumerate(segments) if _says(one, environment)), None)
    if place is None:
        return None
    is_file = place == len(segments) - 1 and segments[place].lower() != environment.lower()
    app = environments.app_of(parent(path) if is_file else path)
    at_app = segments.index(app) if app in segments and not is_generic(app) else None
    last = max(place, at_app if at_app is not None else place)
    pattern = list(segments[: last + 1])
    pattern[place] = _named(segments[place], environment)
    if at_app is not None and at_app != place:
        pattern[at_app] = _APP
    return tuple(pattern), environment, app if at_app is not None else ""


def _says(segment: str, environment: str) -> bool:
    """Whether the segment is the environment's name, or a file named after it."""
    lower, name = segment.lower(), environment.lower()
    if lower == name:
        return True
    stem, _, suffix = lower.rpartition(".")
    known = (name, f"values-{name}", f"values.{name}", f"values_{name}", f"{name}-values")
    return suffix in ("yaml", "yml", "json") and stem in known


def _named(segment: str, environment: str) -> str:
    at = segment.lower().index(environment.lower())
    return segment[:at] + _ENV + segment[at + len(environment) :]


def _merged(seen: dict[Pattern, _Seen]) -> dict[Pattern, _Seen]:
    """Patterns that differ in one further segment alone, as one."""
    shapes: dict[tuple[str, ...], list[Pattern]] = defaultdict(list)
    for pattern in seen:
        shapes[tuple(part if "{" in part else "" for part in pattern)].append(pattern)
    result: dict[Pattern, _Seen] = {}
    for patterns in shapes.values():
        varying = [
            at for at, parts in enumerate(zip(*patterns, strict=True)) if len(set(parts)) > 1
        ]
        if len(varying) != 1:
            result.update({pattern: seen[pattern] for pattern in patterns})
            continue
        whole, apps = _joined(patterns, varying[0], seen)
        total = result.setdefault(whole, _Seen())
        total.apps |= apps
        for pattern in patterns:
            total.environments |= seen[pattern].environments
            total.paths += seen[pattern].paths
    return result


def _joined(
    patterns: list[Pattern], at: int, seen: dict[Pattern, _Seen]
) -> tuple[Pattern, set[str]]:
    """The pattern for all of them, which differ in the segment `at`, and its apps. Behind the
    environment that segment is a cluster. Before it, it is the app when the same names stand
    behind the environment everywhere: those are the clusters then."""
    whole = list(patterns[0])
    env = next(place for place, part in enumerate(whole) if _ENV in part)
    apps = [seen[pattern].apps for pattern in patterns]
    if at > env:
        whole[at] = _CLUSTER
    elif _APP in whole[env:] and all(found == apps[0] for found in apps):
        whole[whole.index(_APP)], whole[at] = _CLUSTER, _APP
        return tuple(whole), {pattern[at] for pattern in patterns}
    else:
        whole[at] = _ANY
    return tuple(whole), set().union(*apps)


def _agrees(pattern: Pattern, paths: Iterable[str], environments: Environments) -> bool:
    made = layout("/".join(pattern), {"env": environments.names})
    return all(_env_of(made.match(path)) == environments.of(path).lower() for path in paths)


def _env_of(values: dict[str, str] | None) -> str:
    return (values or {}).get("env", "").lower()


def environment_branches(branches: Iterable[str]) -> dict[str, str]:
    """The branches that are environments, by the environments' names: at least two whose last
    segment is such a name, each the only one of its name; none when the repository has no such
    branches."""
    told: dict[str, list[str]] = defaultdict(list)
    for branch in branches:
        name = branch.rpartition("/")[2]
        if names.is_known(name):
            told[name].append(branch)
    found = {name: here[0] for name, here in told.items() if len(here) == 1}
    return found if len(found) >= _LEAST else {}
