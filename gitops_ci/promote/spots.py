"""Which place a file belongs to, and which file of another environment is its counterpart."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.layout import Layout, Placed, fill, layout
from gitops_ci.config.model import Config
from gitops_ci.model.regex import regex
from gitops_ci.promote.slots import ENV, Place
from gitops_ci.repo import environment_names as names
from gitops_ci.repo.environments import Environments
from gitops_ci.repo.paths import parent

_VARIANTS = ("cluster", "region", "tenant")
_PARTS = regex(r"([-_.])")


class Spot(Struct, frozen=True):
    """A file of a place. `file` is the same for its counterparts in other places of the app; `rest`
    is what of the path the layout leaves open. `told` says that the layout names the app."""

    place: Place
    file: str
    rest: str
    told: bool = False


class Spots:
    """Answers for one tree. By the environments' own `paths`, then by `layouts`, then by names."""

    def __init__(self, config: Config, environments: Environments) -> None:
        self._environments = environments
        known = {"env": tuple(config.environments)} if config.environments else None
        self._layouts = tuple(layout(text, known) for text in config.layouts)
        self._own = tuple(
            (name, index, layout(text))
            for name, environment in config.environments.items()
            for index, text in enumerate(environment.paths)
        )
        self._cache: dict[str, Spot | None] = {}

    def at(self, path: str) -> Spot | None:
        """The spot of a file; None when it belongs to no environment, or to all."""
        if path not in self._cache:
            self._cache[path] = self._find(path)
        return self._cache[path]

    def of_site(self, path: str, environment: str, app: str) -> Spot | None:
        """The spot of a site, which may know its environment and app better than its path does."""
        spot = self.at(path)
        if spot is not None and environment in ("", spot.place.environment):
            own = Place(spot.place.environment, app or spot.place.app, spot.place.variant)
            return spot if spot.told or own == spot.place else replace(spot, place=own)
        if not environment:
            return None
        return Spot(Place(environment, app), self._spelt(path, environment), path)

    def claims(self, path: str) -> tuple[str, ...]:
        """The environments whose own `paths` or layouts match the file, in the order in which they
        are written: more than one is a mistake of the configuration."""
        found = [name for name, _, own in self._own if own.match(path) is not None]
        found += [
            values["env"]
            for pattern in self._layouts
            if (values := pattern.match(path)) and values.get("env")
        ]
        return tuple(dict.fromkeys(found))

    def is_env(self, environment: str) -> Callable[[str], bool]:
        """Whether a word means the environment."""
        spellings = names.synonym(environment) | {environment.lower()}
        return lambda word: word.lower() in spellings

    def path_of(self, file: str, place: Place, paths: Iterable[str]) -> str | None:
        """The path that has the spot `file` of `place`, by the example of the `paths` that are
        there: the file itself, else one that shares the way to its place."""
        stems: dict[str, str] = {}
        for path in paths:
            spot = self.at(path)
            if spot is None or spot.place != place:
                continue
            if spot.file == file:
                return path
            if spot.rest and spot.file.endswith(f"/{spot.rest}") and path.endswith(spot.rest):
                stems[spot.file.removesuffix(spot.rest)] = path.removesuffix(spot.rest)
            elif ENV in spot.file:
                head, tail = spot.file.split(ENV, 1)
                word = path[len(head) : len(path) - len(tail)]
                stems[f"{head}{ENV}/"] = f"{head}{word}/"
        fitting = [stem for stem in stems if file.startswith(stem)]
        if not fitting:
            return None
        stem = max(fitting, key=len)
        return stems[stem] + file.removeprefix(stem)

    def translated(self, path: str, source: str, target: str) -> str | None:
        """The path of the file's counterpart in another environment, by the layouts alone: the
        environment's name takes the place of the other one's. None when no layout tells."""
        for pattern in self._layouts:
            placed = pattern.place(path)
            if placed is None or "env" not in placed.values or "*" in pattern.text:
                continue
            base = fill(pattern.text.strip("/"), {**placed.values, "env": target})
            return f"{base}/{placed.rest}" if placed.rest else base
        index = next((i for n, i, own in self._own if n == source and own.place(path)), None)
        if index is None:
            return None
        own = {number: pattern for name, number, pattern in self._own if name == target}
        pattern = next(p for n, i, p in self._own if n == source and i == index)
        placed = pattern.place(path)
        if placed is None or index not in own or "*" in own[index].text:
            return None
        base = fill(own[index].text.strip("/"), placed.values)
        return f"{base}/{placed.rest}" if placed.rest else base

    def _find(self, path: str) -> Spot | None:
        for name, index, own in self._own:
            placed = own.place(path)
            if placed is not None:
                return self._spot(name, path, own, placed, f"#{index}")
        environment = self._environments.of(path)
        if not environment:
            return None
        for pattern in self._layouts:
            placed = pattern.place(path)
            if placed is not None and "env" in placed.values:
                return self._spot(environment, path, pattern, placed, "")
        app = self._environments.app_of(parent(path) or path)
        return Spot(Place(environment, app), self._spelt(path, environment), path)

    def _spot(
        self, environment: str, path: str, pattern: Layout, placed: Placed, head: str
    ) -> Spot:
        values = placed.values
        app = values.get("app") or self._environments.app_of(parent(path) or path)
        variant = ",".join(f"{key}={values[key]}" for key in _VARIANTS if key in values)
        kept = {key: text for key, text in values.items() if key not in ("env", *_VARIANTS)}
        shape = self._stars(pattern, placed, environment)
        stem = head or fill(shape, kept)
        if head and "*" in pattern.text:
            stem = f"{head}/{fill(shape, kept)}"
        file = f"{stem}/{placed.rest}" if placed.rest else stem
        place = Place(environment, app, variant)
        return Spot(place, file, placed.rest or path, told="app" in values)

    def _stars(self, pattern: Layout, placed: Placed, environment: str) -> str:
        """The layout with its stars filled in by what they stand for in this path."""
        if "*" not in pattern.text:
            return pattern.text
        wanted, given = pattern.text.strip("/").split("/"), placed.base.split("/")
        if "**" in wanted or len(wanted) != len(given):
            return self._spelt(placed.base, environment)
        return "/".join(
            here if "*" in step else step for step, here in zip(wanted, given, strict=True)
        )

    def _spelt(self, path: str, environment: str) -> str:
        """The path with the name of the environment taken out: whole segments, else words."""
        is_env = self.is_env(environment)
        segments = path.split("/")
        if any(is_env(segment) for segment in segments):
            return "/".join(ENV if is_env(segment) else segment for segment in segments)
        words = ("".join(ENV if is_env(w) else w for w in _PARTS.split(s)) for s in segments)
        return "/".join(words)
