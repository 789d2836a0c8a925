"""The images that a change carries, and the registries that hold them."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.clients.registry import Registry
from gitops_ci.clients.registry_auth import credentials_for
from gitops_ci.promote.state import Pin
from gitops_ci.repo.sites.model import Subject
from gitops_ci.steps.world import World


def carried_images(pins: Iterable[Pin]) -> tuple[Pin, ...]:
    """One pin for each image and version."""
    unique = {
        (pin.site.repository, pin.content): pin
        for pin in pins
        if pin.site.subject is Subject.IMAGE and pin.site.repository
    }
    return tuple(unique.values())


def registry_of(repository: str, world: World) -> tuple[Registry, str]:
    """The registry of a normalised repository, and the path there."""
    host, _, path = repository.partition("/")
    return Registry(host, credentials_for(host, world.environ)), path
