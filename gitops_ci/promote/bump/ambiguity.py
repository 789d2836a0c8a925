"""One thing in two versions in one environment: somebody has to say which one is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from gitops_ci.model.errors import UsageError
from gitops_ci.promote.bump.request import Filters, Target
from gitops_ci.repo.sites.model import Site

_SHOWN = 6


def refuse_ambiguity(target: Target, sites: Iterable[Site], filters: Filters) -> None:
    """Raise UsageError when `sites` of one environment hold different versions of the target.

    Sites that are there already do not count, so that a bump that was cut short can go on; nor do
    those whose file a path filter names without wildcards.
    """
    by_environment: dict[str, dict[str, list[Site]]] = defaultdict(lambda: defaultdict(list))
    for site in sites:
        version = site.version.tag or site.version.digest
        wanted = target.version.tag if site.version.tag else target.version.digest
        if version and version != wanted and not filters.names(site.path):
            by_environment[site.environment][version].append(site)
    for environment in sorted(by_environment):
        versions = by_environment[environment]
        if len(versions) > 1:
            raise UsageError(_message(target, environment, versions), _hint(versions))


def _message(target: Target, environment: str, versions: dict[str, list[Site]]) -> str:
    where = f"in {environment}" if environment else "outside of any environment"
    stands = " and ".join(
        f"{version} ({', '.join(_shown(versions[version]))})" for version in sorted(versions)
    )
    return f"{target.name} stands {where} at {stands}"


def _shown(sites: list[Site]) -> list[str]:
    places = sorted({f"{site.path} [{site.app}]" if site.app else site.path for site in sites})
    more = [f"and {len(places) - _SHOWN} more"] if len(places) > _SHOWN else []
    return [*places[:_SHOWN], *more]


def _hint(versions: dict[str, list[Site]]) -> str:
    apps = [{site.app for site in sites} for sites in versions.values()]
    names = sorted(set().union(*apps) - {""})
    if len(names) > 1 and all(len(found) == 1 for found in apps):
        return f"say which one is meant: --app {names[0]}, or --path FILE"
    return f"say which one is meant: --path {min(s.path for v in versions.values() for s in v)}"
