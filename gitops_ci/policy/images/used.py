"""The images that an object runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_ci.model.image import ImageReference, InvalidReferenceError, parse_reference
from gitops_ci.model.span import Route
from gitops_ci.policy.pods.view import Container
from gitops_ci.policy.subject import Subject
from gitops_ci.render.opaque import is_opaque


@dataclass(frozen=True, slots=True)
class UsedImage:
    """An image reference and the container that names it. `route` leads to the reference."""

    container: Container
    reference: ImageReference
    route: Route


def images_of(subject: Subject) -> Iterator[UsedImage]:
    """The images of all containers, without those that only the cluster knows and those that are
    no reference at all, which is another rule's business."""
    for container in subject.containers():
        text = container.value.get("image")
        if not isinstance(text, str) or not text or is_opaque(text):
            continue
        try:
            reference = parse_reference(text)
        except InvalidReferenceError:
            continue
        yield UsedImage(container, reference, container.where("image"))
