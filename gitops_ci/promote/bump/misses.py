"""Nothing to bump: what the user probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gitops_ci.model.errors import UsageError
from gitops_ci.promote.bump.plan import LeftAlone
from gitops_ci.promote.bump.request import Filters, Target
from gitops_ci.repo.sites.declared import KIND as DECLARED
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.schemas.near import near

_MOST = 5
_SHOWN_SITES = 8


def no_site(
    target: Target,
    known: Sequence[Site],
    sites: Iterable[Site],
    filters: Filters,
    spoken: Sequence[LeftAlone] = (),
) -> UsageError:
    """The error for a target without a site: `known` are sites of it that the filters leave out,
    `spoken` what templates say of it; without any, `sites` are searched for names that are near."""
    if known:
        places = sorted({_place(site) for site in known})
        listed = "; ".join(places[:_SHOWN_SITES])
        more = f" and {len(places) - _SHOWN_SITES} more" if len(places) > _SHOWN_SITES else ""
        return UsageError(
            f"no site of {target.name} passes {_words(filters)}", f"found elsewhere: {listed}{more}"
        )
    if spoken:
        listed = "; ".join(f"{item.site.path}:{item.line}" for item in spoken[:_SHOWN_SITES])
        return UsageError(
            f"{target.name} stands in templates alone, which are not edited",
            f"change the values that they read, or them by hand: {listed}",
        )
    nameless = _nameless(target, sites) if target.subject is Subject.IMAGE else ""
    if nameless:
        return UsageError(f"{target.name} has no site in this repository", nameless)
    near = near_names(target, sites)
    hint = f"near misses: {', '.join(near)}" if near else "nothing in this repository is near"
    return UsageError(f"{target.name} has no site in this repository", hint)


def _nameless(target: Target, sites: Iterable[Site]) -> str:
    """What to do about places of `sites:` whose image nobody names, or by half of its name; empty
    when there is none."""
    declared = [site for site in sites if site.kind == DECLARED and not site.name]
    for site in declared:
        for pattern in site.patterns:
            if target.name.endswith(f"/{pattern}"):
                return f"`apps.{site.app}.images` has {pattern}: write {target.name}"
    lost = [site for site in declared if not site.patterns]
    if not lost:
        return ""
    places = sorted({site.path for site in lost})
    return (
        f"`sites` leads to versions in {', '.join(places[:_SHOWN_SITES])} without an image: list it"
        f" in `apps.{lost[0].app or 'APP'}.images`"
    )


def near_names(target: Target, sites: Iterable[Site]) -> list[str]:
    """Names of sites that the target's name may be a slip for, the nearest first: the same last
    segment elsewhere, then slips of the pen, then similar spellings."""
    import difflib  # only a run that has gone wrong needs it

    names = sorted({_name(site, target) for site in sites} - {""})
    last = target.name.rpartition("/")[2]
    same = [name for name in names if name.rpartition("/")[2] == last]
    ends = {name.rpartition("/")[2]: name for name in reversed(names)}
    slips = near(last, ends)
    alike = difflib.get_close_matches(last, list(ends), _MOST, 0.75)
    return list(dict.fromkeys([*same, *(ends[end] for end in (*slips, *alike))]))[:_MOST]


def _name(site: Site, target: Target) -> str:
    if target.subject is Subject.IMAGE:
        return site.repository
    return site.name if site.subject is target.subject else ""


def _place(site: Site) -> str:
    details = [f"environment {site.environment}" if site.environment else "no environment"]
    details += [f"app {site.app}"] if site.app else []
    return f"{site.path} ({', '.join(details)})"


def _words(filters: Filters) -> str:
    parts = [
        *(f"--env {name}" for name in filters.environments),
        *(f"--app {name}" for name in filters.apps),
        *(f"--path {name}" for name in filters.paths),
    ]
    return " ".join(parts) or "the filters"
