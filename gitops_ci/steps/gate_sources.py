"""Where the facts of gates come from."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.forge.port import Service
from gitops_ci.promote.epochs import Timeline
from gitops_ci.promote.freeze import Freezes
from gitops_ci.promote.gates.facts import People
from gitops_ci.promote.holds import Holds
from gitops_ci.promote.state import Pin
from gitops_ci.steps.promote_ground import Grounds
from gitops_ci.steps.world import World


class Sources(Struct, frozen=True):
    """Where facts come from. `service` is None without a forge; `head` is the judged commit."""

    world: World
    config: Config
    grounds: Grounds
    freezes: Freezes
    holds: Holds
    service: Service | None
    people: People | None
    head: str


def timeline(source: str, pin: Pin, sources: Sources) -> Timeline:
    """What stood in the source at the places that ever held something of the pin's name."""
    ground = sources.grounds.of(source)
    states = ground.sight.states
    places = tuple(
        place
        for place, state in states.items()
        if place.environment == source
        and any(
            other.slot.name == pin.slot.name or other.slot.spot == pin.slot.spot
            for other in state.pins
        )
    )
    return ground.timeline(places) if places else Timeline(())
