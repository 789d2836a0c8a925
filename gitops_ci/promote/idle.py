"""Units of which nothing moves any more: what is proposed for them has become pointless."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.promote.bump.request import Filters
from gitops_ci.promote.plan import Plan
from gitops_ci.promote.request import Request
from gitops_ci.promote.units import Unit, units_at


class _Spot(Struct, frozen=True):
    """An app in an environment, as units are sorted."""

    environment: str
    app: str
    name: str = ""


def idle_units(plan: Plan, request: Request, config: Config) -> tuple[Unit[Any], ...]:
    """The units of which everything stands as it should, or stays for good: nothing moves, waits
    for a gate or is refused. A request for some apps says nothing about units that may hold others,
    and one for a version or for some files nothing at all."""
    filters = request.filters
    if request.version or filters.paths:
        return ()
    still = {place for place, _ in plan.done} | {item.place for item in plan.left}
    busy = [_Spot(move.environment, move.app, move.name) for move in plan.moves]
    busy += [_Spot(item.place.environment, item.place.app) for item in plan.refused]
    for chosen in plan.chosen:
        if chosen.candidate is None:
            busy += [_Spot(chosen.target, app) for app in chosen.apps]
    taken = {(unit.environment, unit.name) for unit in units_at(busy, config)}
    spots = [_Spot(place.environment, place.app) for place in sorted(still)]
    return tuple(
        unit
        for unit in units_at(spots, config)
        if (unit.environment, unit.name) not in taken and _is_whole(unit, filters)
    )


def _is_whole(unit: Unit[Any], filters: Filters) -> bool:
    return not filters.apps or unit.name == unit.app
