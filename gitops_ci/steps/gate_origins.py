"""The commit that an image was built from, as its labels tell.

Source: opencontainers/image-spec, "Annotations": `org.opencontainers.image.source` and
`.revision`. Who may push an image writes its labels, so the repository has to be the one that the
configuration names for the app, or else one of the owner of this repository, on the same forge.
"""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.forge.addresses import repository_at
from gitops_ci.forge.port import Service
from gitops_ci.model.errors import EndpointError
from gitops_ci.model.regex import regex
from gitops_ci.promote.state import Pin
from gitops_ci.promote.words.sources import source_of
from gitops_ci.steps.images import registry_of
from gitops_ci.steps.world import World

_SOURCE, _REVISION = "org.opencontainers.image.source", "org.opencontainers.image.revision"
_COMMIT = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_HINT = "docker/metadata-action and `docker build --label` write it"


class Origin(Struct, frozen=True):
    """The commit `revision` of a repository of the forge."""

    repository: str
    revision: str


def origin_of(pin: Pin, config: Config, service: Service, world: World) -> Origin:
    """Where the image was built. Raises EndpointError when the registry does not tell, when its
    platforms tell different things, or when the repository is none that is believed."""
    registry, path = registry_of(pin.site.repository, world)
    wanted = pin.version.digest or pin.version.tag
    if not wanted:
        raise EndpointError("the image has neither tag nor digest")
    told = {
        (labels.get(_SOURCE, ""), labels.get(_REVISION, ""))
        for labels in registry.labels(path, wanted)
    }
    if len(told) != 1:
        raise EndpointError("the platforms of the image do not come from one commit")
    source, revision = told.pop()
    if not _COMMIT.match(revision):
        raise EndpointError(f"the image has no label {_REVISION} with a commit", _HINT)
    return Origin(_believed(source, pin, config, service), revision)


def _believed(source: str, pin: Pin, config: Config, service: Service) -> str:
    """The path of the repository that the image may come from."""
    told = repository_at(service.server, source)
    configured = source_of(config, "", pin.site.name, pin.site.app)
    if configured:
        known = repository_at(service.server, configured)
        if not known or (source and told.lower() != known.lower()):
            raise EndpointError(f"the image comes from {source}, not from {configured}")
        return known
    if not told or _owner(told) != _owner(service.repository):
        shown = source or "nowhere"
        raise EndpointError(
            f"the image comes from {shown}: no repository of {_owner(service.repository)}",
            "say where it is built: apps.<app>.repository",
        )
    return told


def _owner(repository: str) -> str:
    return repository.partition("/")[0].lower()
