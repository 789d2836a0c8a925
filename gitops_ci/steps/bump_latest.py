"""`--latest`: the newest versions that the configured registries offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from gitops_ci.clients.registry import Registry
from gitops_ci.clients.registry_auth import credentials_for
from gitops_ci.config.globs import name_matches
from gitops_ci.config.layout import fill
from gitops_ci.config.model import Config
from gitops_ci.model.errors import UsageError
from gitops_ci.model.image import InvalidReferenceError, Pin, Shape, Version, parse_reference
from gitops_ci.promote.bump.request import Filters, Target, reference_of
from gitops_ci.promote.versions.policy import Order, PolicyError, VersionPolicy, ranked
from gitops_ci.promote.versions.semver import parse_semver
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.steps.bump import Inputs
from gitops_ci.steps.bump_observe import Observed
from gitops_ci.steps.world import World

_DEFAULTS = "defaults"
_WILD = frozenset("*?[{")
_MOST_BUILDS = 200


@dataclass(frozen=True, slots=True)
class Latest:
    """The targets, and for each series of versions why nothing newer was found."""

    targets: tuple[Target, ...] = ()
    notes: tuple[str, ...] = ()


def latest_targets(inputs: Inputs, filters: Filters, observed: Observed, world: World) -> Latest:
    """The newest version for each configured image that the filters and the references admit.
    Raises UsageError when no registry may be asked for any of them, and EndpointError."""
    names = frozenset(reference_of(text).repository for text in inputs.ref)
    wanted = [
        site
        for site in observed.sites
        if site.subject is Subject.IMAGE
        and filters.admit(site)
        and (not names or site.repository in names)
        and site.version.tag
        and not site.refusal
    ]
    series: dict[tuple[str, object], list[Site]] = defaultdict(list)
    for site in wanted:
        if is_configured(site, observed.config):
            series[site.repository, _form(site.version.tag)].append(site)
    if not series:
        raise UsageError(
            "--latest: the configuration names no registry for what is asked",
            "list the repositories in `apps.APP.images`, with their registry",
        )
    asker = _Asker(world)
    targets: list[Target] = []
    notes: list[str] = []
    for (repository, _), sites in sorted(series.items(), key=lambda item: str(item[0])):
        _newest(repository, sites, Pin(inputs.pin), asker, targets, notes)
    return Latest(tuple(targets), tuple(notes))


def is_configured(site: Site, config: Config) -> bool:
    """Whether `apps` lists the site's repository. A pattern counts only if its registry has no
    wildcard: which hosts are asked stands in the configuration, letter for letter."""
    app = config.apps.get(site.app)
    defaults = config.apps.get(_DEFAULTS)
    patterns = app.images if app and app.images else defaults.images if defaults else ()
    for pattern in patterns:
        filled = fill(pattern, {"app": site.app})
        if name_matches(_normalised(filled), site.repository):
            return True
    return False


def _normalised(pattern: str) -> str:
    """The pattern with the registry written out, as repositories have it; one whose registry is a
    wildcard matches nothing."""
    host, slash, _ = pattern.partition("/")
    has_host = bool(slash) and ("." in host or ":" in host or host == "localhost")
    if has_host:
        return pattern if _WILD.isdisjoint(host) else ""
    if slash and not _WILD.isdisjoint(host):
        return ""
    try:
        return parse_reference(pattern).repository
    except InvalidReferenceError:
        return f"docker.io/{'' if slash else 'library/'}{pattern}"


def _form(tag: str) -> object:
    """What tags of one series have in common."""
    version = parse_semver(tag)
    if version is None:
        return tag
    return (version.prefix, len(version.numbers), version.variant)


def _newest(
    repository: str,
    sites: list[Site],
    pin: Pin,
    asker: _Asker,
    targets: list[Target],
    notes: list[str],
) -> None:
    """Add the target of one series, or a note why there is none."""
    policy = VersionPolicy()
    oldest = min((site.version.tag for site in sites), key=_age)
    try:
        tag = asker.newest(repository, oldest, policy)
    except PolicyError as error:
        notes.append(f"{repository}: {error}")
        return
    if not tag:
        notes.append(f"{repository}: {oldest} is the newest version that fits")
        return
    digest = asker.digest(repository, tag) if _wants_digest(sites, pin) else ""
    text = f"{repository}:{tag}"
    only = frozenset(sites)
    targets.append(Target(Subject.IMAGE, repository, Version(tag, digest), text, only))


def _age(tag: str) -> tuple[int, object]:
    version = parse_semver(tag)
    return (0, tag) if version is None else (1, version)


def _wants_digest(sites: Iterable[Site], pin: Pin) -> bool:
    if pin is not Pin.KEEP:
        return pin is not Pin.TAG
    return any(site.shape in (Shape.DIGEST, Shape.TAG_DIGEST) for site in sites)


class _Asker:
    """Asks each registry once for what it takes to find a version."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._registries: dict[str, Registry] = {}
        self._tags: dict[str, tuple[str, ...]] = {}

    def newest(self, repository: str, current: str, policy: VersionPolicy) -> str:
        """The newest tag that fits; empty when nothing is newer than `current`."""
        registry, path = self._at(repository)
        if repository not in self._tags:
            self._world.progress.step(f"asking for {repository}", 0, 0)
            self._tags[repository] = registry.tags(path)
        tags = ranked(policy, current, self._tags[repository])
        if policy.order is Order.NEWEST_BUILD:
            return self._newest_build(repository, current, tags, policy)
        return next((tag for tag in tags if self._is_old_enough(repository, tag, policy)), "")

    def digest(self, repository: str, tag: str) -> str:
        """The digest of the tag: that of the index when the image has several platforms."""
        registry, path = self._at(repository)
        return registry.manifest(path, tag).digest

    def _newest_build(
        self, repository: str, current: str, tags: tuple[str, ...], policy: VersionPolicy
    ) -> str:
        if len(tags) > _MOST_BUILDS:
            raise PolicyError(f"more than {_MOST_BUILDS} tags match; narrow the pattern")
        registry, path = self._at(repository)
        times = {tag: when for tag in tags if (when := registry.created(path, tag))}
        young = self._world.clock.now() - timedelta(seconds=policy.minimum_age)
        old = [tag for tag, when in times.items() if when <= young]
        newest = max(old, key=lambda tag: (times[tag], tag), default="")
        return newest if newest != current else ""

    def _is_old_enough(self, repository: str, tag: str, policy: VersionPolicy) -> bool:
        if not policy.minimum_age:
            return True
        registry, path = self._at(repository)
        when = registry.created(path, tag)
        age = timedelta(seconds=policy.minimum_age)
        return when is not None and self._world.clock.now() - when >= age

    def _at(self, repository: str) -> tuple[Registry, str]:
        host, _, path = repository.partition("/")
        if host not in self._registries:
            self._registries[host] = Registry(host, credentials_for(host, self._world.environ))
        return self._registries[host], path
