"""The environments of a repository: declared ones by their patterns, else inferred ones with the
reason of each inference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from gitops_ci.config.environment_graph import is_protected, order
from gitops_ci.config.globs import name_matches
from gitops_ci.config.layout import Layout, layout
from gitops_ci.config.model import Config, EnvironmentMatch
from gitops_ci.repo import environment_names as names
from gitops_ci.repo.apps import app_of_path
from gitops_ci.repo.deployers import ARGOCD_APPLICATION, Deployer
from gitops_ci.repo.environment_paths import Guess, PathNames
from gitops_ci.repo.inventory import Inventory
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.paths import parent

_OF_ENVIRONMENTS = (
    FileKind.MANIFEST,
    FileKind.KUSTOMIZATION,
    FileKind.PATCH,
    FileKind.VALUES,
    FileKind.SOPS,
    FileKind.GENERATOR_INPUT,
    FileKind.KUSTOMIZE_CONFIG,
)


class EnvironmentInfo(Struct, frozen=True):
    """One environment. `why` is a sentence for people; `declared` that the configuration has it."""

    name: str
    protected: bool
    why: str
    declared: bool = False


class Environments:
    """The environments of one tree. `infos` are in the order of promotion, as far as it is known:
    by the declared graph, else by the usual meaning of the names."""

    def __init__(
        self, config: Config, paths: PathNames, infos: tuple[EnvironmentInfo, ...]
    ) -> None:
        self._config = config
        self._paths = paths
        self.infos = infos
        self._spellings = {s: i.name for i in infos for s in names.synonym(i.name)}
        self._spellings |= {info.name.lower(): info.name for info in infos}
        known = {"env": tuple(config.environments)} if config.environments else None
        self._layouts = tuple(layout(text, known) for text in config.layouts)
        self._own = tuple(
            (name, layout(text))
            for name, environment in config.environments.items()
            for text in environment.paths
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(info.name for info in self.infos)

    def is_protected(self, name: str) -> bool:
        """Whether mistakes weigh more in the environment."""
        return any(info.protected for info in self.infos if info.name == name)

    def of(self, path: str) -> str:
        """The environment of a file or directory; empty when it belongs to none or to all."""
        for name, own in self._own:
            values = own.match(path)
            if values is not None:
                return name
        placed = _placed(self._layouts, path, "env")
        if placed:
            return self._spelling(placed)
        guess = self._paths.guess(path)
        return self._spelling(guess.name) if guess else ""

    def by_name(self, text: str) -> str:
        """The environment that the name of a cluster or project speaks of."""
        return self._spelling(text) or self._spelling(names.word(text))

    @property
    def are_declared(self) -> bool:
        """Whether the configuration names the environments, so that nothing is inferred."""
        return bool(self._config.environments)

    def of_deployer(self, deployer: Deployer, directory: str) -> str:
        """The environment that a deployer applies `directory` to: as the configuration matches it,
        else by its cluster, its file, what it deploys, its hints and names."""
        for name, environment in self._config.environments.items():
            if _matches(environment.match, deployer):
                return name
        for cluster in self._config.clusters:
            if cluster.name and cluster.name == deployer.destination.cluster:
                return cluster.environment
        return next((name for name in self._candidates(deployer, directory) if name), "")

    def _candidates(self, deployer: Deployer, directory: str) -> Iterable[str]:
        yield self.by_name(deployer.destination.cluster)
        places = (directory, deployer.path)
        for place in places if deployer.kind == ARGOCD_APPLICATION else reversed(places):
            yield self.of(place)
        for hint in (*deployer.destination.hints, deployer.destination.project):
            yield self.by_name(hint)
        for hint in (deployer.destination.namespace, deployer.ref.name, deployer.ref.namespace):
            yield self.by_name(hint) if names.is_strong(names.word(hint)) else ""

    def _spelling(self, name: str) -> str:
        return self._spellings.get(name.lower(), "")

    def app_of(self, path: str, fallback: str = "") -> str:
        """The app that a directory belongs to, by the layouts or by its names."""
        return _placed(self._layouts, path, "app") or fallback or app_of_path(path, self.names)

    def variants(self, chart: str, inventory: Inventory) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(environment, value files) for each way to render a chart that nothing deploys. With
        files for two environments or more nobody uses the defaults alone."""
        found = []
        for path in inventory.of(FileKind.VALUES):
            if parent(path) != chart:
                continue
            environment = self.of(path[len(chart) + 1 :] if chart else path)
            if environment:
                found.append((environment, (path,)))
        return tuple(found) if len(found) > 1 else (("", ()), *found)


def find_environments(inventory: Inventory, config: Config) -> Environments:
    """The environments of the tree. Declared ones are the only ones; without any they are inferred
    from the deployers and from the names of directories and files."""
    paths = PathNames(inventory.files, (d.deployer.path for d in inventory.deployments))
    if config.environments:
        infos = tuple(
            EnvironmentInfo(
                name, is_protected(name, config.environments), "the configuration declares it", True
            )
            for name in order(config.environments)
        )
        return Environments(config, paths, infos)
    return Environments(config, paths, _inferred(inventory, config, paths))


def _inferred(
    inventory: Inventory, config: Config, paths: PathNames
) -> tuple[EnvironmentInfo, ...]:
    spellings: Counter[str] = Counter()
    reasons: dict[str, str] = {}
    for guess in _guesses(inventory, config, paths):
        spellings[guess.name] += 1
        reasons.setdefault(guess.name, guess.why)
    chosen: dict[frozenset[str], str] = {}
    for name, _ in spellings.most_common():
        chosen.setdefault(names.synonym(name), name)
    return tuple(
        EnvironmentInfo(name, _is_guarded(name), f"inferred from {reasons[name]}")
        for name in sorted(chosen.values(), key=names.rank)
    )


def _is_guarded(name: str) -> bool:
    """Whether the name says production: `pre-prod` holds the word and does not."""
    return is_protected(name, {}) and names.family(name) == names.family("prod")


def _guesses(inventory: Inventory, config: Config, paths: PathNames) -> Iterable[Guess]:
    layouts = tuple(layout(text) for text in config.layouts)
    for deployment in inventory.deployments:
        deployer = deployment.deployer
        for text in (deployer.destination.cluster, *deployer.destination.hints):
            told = names.word(text)
            if told:
                yield Guess(told, f"'{text}', where {deployer.ref} deploys to")
    for path in inventory.of(*_OF_ENVIRONMENTS):
        placed = _placed(layouts, path, "env")
        if placed:
            yield Guess(placed, f"a layout and '{path}'")
            continue
        guess = paths.guess(path)
        if guess is not None:
            yield guess


def _placed(layouts: tuple[Layout, ...], path: str, key: str) -> str:
    for pattern in layouts:
        values = pattern.match(path)
        if values and values.get(key):
            return values[key]
    return ""


def _matches(match: EnvironmentMatch, deployer: Deployer) -> bool:
    destination = deployer.destination
    pairs = (
        (match.project, destination.project),
        (match.cluster, destination.cluster),
        (match.server, destination.server),
        (match.namespace, destination.namespace),
    )
    written = [(glob, value) for glob, value in pairs if glob]
    return bool(written) and all(name_matches(glob, value) for glob, value in written)
