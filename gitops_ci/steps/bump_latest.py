"""`--latest`: the newest versions that the configured registries offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from gitops_ci.config.globs import name_matches
from gitops_ci.config.layout import fill
from gitops_ci.config.model import Config
from gitops_ci.model.errors import UsageError
from gitops_ci.model.image import InvalidReferenceError, Pin, Shape, Version, parse_reference
from gitops_ci.promote.bump.request import Filters, Target, reference_of
from gitops_ci.promote.versions.policy import Order, PolicyError, VersionPolicy
from gitops_ci.promote.versions.semver import parse_semver
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.steps.bump import Inputs
from gitops_ci.steps.bump_observe import Observed
from gitops_ci.steps.version_finder import VersionFinder
from gitops_ci.steps.world import World

_DEFAULTS = "defaults"
_WILD = frozenset("*?[{")


class Latest(Struct, frozen=True):
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
    series: dict[tuple[str, object, VersionPolicy], list[Site]] = defaultdict(list)
    for site in wanted:
        if is_configured(site, observed.config):
            policy = policy_of(site, observed.config)
            series[site.repository, _form(site.version.tag), policy].append(site)
    if not series:
        raise UsageError(
            "--latest: the configuration names no registry for what is asked",
            "list the repositories in `apps.APP.images`, with their registry",
        )
    finder = VersionFinder(world.clock, world.progress, world.environ)
    targets: list[Target] = []
    notes: list[str] = []
    for (repository, _, policy), sites in sorted(series.items(), key=lambda item: str(item[0])):
        _newest(repository, sites, policy, Pin(inputs.pin), finder, targets, notes)
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


def policy_of(site: Site, config: Config) -> VersionPolicy:
    """How the newest version of the site's app is found: as the app says, else as the entry
    `defaults` says, else the newest stable semantic version of the same form."""
    app, defaults = config.apps.get(site.app), config.apps.get(_DEFAULTS)
    said = (app.versions if app else None) or (defaults.versions if defaults else None)
    if said is None:
        return VersionPolicy()
    return VersionPolicy(
        Order(said.order),
        said.range,
        said.pattern,
        said.extract,
        said.prereleases,
        said.minimum_age,
    )


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
    policy: VersionPolicy,
    pin: Pin,
    finder: VersionFinder,
    targets: list[Target],
    notes: list[str],
) -> None:
    """Add the target of one series, or a note why there is none."""
    oldest = min((site.version.tag for site in sites), key=_age)
    try:
        tag = finder.newest(repository, oldest, policy)
    except PolicyError as error:
        notes.append(f"{repository}: {error}")
        return
    if not tag:
        notes.append(f"{repository}: {oldest} is the newest version that fits")
        return
    digest = finder.digest(repository, tag) if _wants_digest(sites, pin) else ""
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
