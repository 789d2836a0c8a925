"""What an open proposal of our own carries already, so that a later bump adds to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gitops_ci.model.image import Pin, Shape, Version
from gitops_ci.promote.bump.past import version_at
from gitops_ci.promote.bump.plan import Move
from gitops_ci.promote.bump.planner import Sources, place_of
from gitops_ci.promote.bump.request import Target
from gitops_ci.promote.versions.semver import is_older
from gitops_ci.repo.sites.model import Site, Subject

Read = Callable[[str], bytes | None]
"""The bytes of a file in one state of the repository, None where it is not there."""


def pending_moves(
    sites: Iterable[Site], moves: Iterable[Move], before: Read, after: Read, source: Sources
) -> tuple[Move, ...]:
    """The moves that lead from the state `before` to the state `after` of an open proposal, for
    `sites` of today's base that hold what they held before, and without the sites of `moves`,
    which supersede them."""
    superseded = {move.site for move in moves}
    found = []
    for site in sites:
        if site in superseded or not site.parts:
            continue
        to = version_at(site, after(site.path))
        if to is None or to == site.version or version_at(site, before(site.path)) != site.version:
            continue
        found.append(_move(site, to, source))
    return tuple(found)


def _move(site: Site, to: Version, source: Sources) -> Move:
    image = site.subject is not Subject.GIT and bool(site.repository)
    subject, name = (Subject.IMAGE, site.repository) if image else (site.subject, site.name)
    target = Target(subject, name, to, f"{name} {to}")
    pin = Pin.KEEP if to.shape in (site.shape, Shape.NONE) else Pin(to.shape.value)
    older = is_older(to.tag, site.version.tag) is True
    place = place_of(source(site.path), site)
    return Move(site, target, to, place, older, pin=pin)
