"""The images that an object runs."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gitops_ci.model.image import ImageReference, InvalidReferenceError, parse_reference
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.policy.pods.view import Container
from gitops_ci.policy.subject import Subject
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items, mapping, text

_FILLED_IN = regex(r"\{\{|\$\(|^ko://|^auto$")
"""Texts that something in the cluster or the build replaces: parameters of Argo Workflows and of
Tekton, ko, and Istio's gateway injection."""


class UsedImage(Struct, frozen=True):
    """An image reference and the container that names it. `route` leads to the reference."""

    container: Container
    reference: ImageReference
    route: Route


def names_of(subject: Subject) -> Iterator[tuple[Container, str]]:
    """The containers with the text of their image, without those that something else fills in."""
    filled = _triggered(subject)
    for container in subject.containers():
        name = container.value.get("image")
        if not isinstance(name, str) or not name.strip() or container.name in filled:
            continue
        if not is_opaque(name) and not _FILLED_IN.search(name):
            yield container, name


def images_of(subject: Subject) -> Iterator[UsedImage]:
    """The images of all containers, without those that something else fills in and those that are
    no reference at all, which is another rule's business."""
    for container, name in names_of(subject):
        try:
            reference = parse_reference(name)
        except InvalidReferenceError:
            continue
        yield UsedImage(container, reference, container.where("image"))


def _triggered(subject: Subject) -> frozenset[str]:
    """The containers of a DeploymentConfig whose image OpenShift keeps up to date by digest."""
    if subject.kind != ("apps.openshift.io", "DeploymentConfig"):
        return frozenset()
    return frozenset(
        name
        for trigger in items(subject.value, "spec", "triggers")
        if text(trigger, "type") == "ImageChange"
        for name in items(mapping(trigger, "imageChangeParams"), "containerNames")
        if isinstance(name, str)
    )
