"""No environment is ahead of the one that its versions come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.images.used import UsedImage, images_of
from gitops_ci.policy.kinds import Kind
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "image/environment-order",
    "An image that is newer than where its versions come from",
    Severity.NOTE,
    "What runs in production ahead of staging was not tested there; or staging was forgotten, and"
    " the next promotion takes production back.",
    "https://kubernetes.io/docs/concepts/containers/images/#image-tag",
)

_VERSION = regex(r"(v?)(\d{1,9}(?:\.\d{1,9}){1,3})((?:-[A-Za-z][\w.]*)?)\Z", re.ASCII)

_Place = tuple[Kind, str, str, str]
"""The kind and name of the object, the container, and the name of the image."""


class _Tag(Struct, frozen=True):
    """A version that can be compared with others of the same shape."""

    shape: tuple[str, int, str]
    numbers: tuple[int, ...]
    text: str


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each image whose version is newer than the one of the same container in an
    environment before. Tags that are no versions of one shape are not compared."""
    if not estate.earlier:
        return
    tags = {name: _tags(estate, name) for name in _names(estate)}
    for environment, sources in estate.earlier.items():
        for place, (subject, image, tag) in tags[environment].items():
            for source in sources:
                other = tags[source].get(place)
                if other and other[2].shape == tag.shape and other[2].numbers < tag.numbers:
                    message = (
                        f"{image.container} runs {tag.text} of '{image.reference.name}' in"
                        f" {environment}, ahead of {other[2].text} in {source}"
                    )
                    yield subject, Fault(RULE, image.route, message)
                    break


def _names(estate: Estate) -> Iterable[str]:
    return {*estate.earlier, *(name for names in estate.earlier.values() for name in names)}


def _tags(estate: Estate, environment: str) -> dict[_Place, tuple[Subject, UsedImage, _Tag]]:
    """The comparable tags of an environment by their place; where two objects of one name have
    different versions, such as in two clusters, there is none."""
    result: dict[_Place, tuple[Subject, UsedImage, _Tag]] = {}
    unclear: set[_Place] = set()
    for subject in estate.of(environment, WORKLOADS):
        for image in images_of(subject):
            place = (subject.kind, subject.ref.name, image.container.name, image.reference.name)
            tag = _tag(image.reference.version.tag)
            known = result.get(place)
            if tag is None or (known is not None and known[2] != tag):
                unclear.add(place)
            else:
                result[place] = (subject, image, tag)
    return {place: item for place, item in result.items() if place not in unclear}


def _tag(text: str) -> _Tag | None:
    found = _VERSION.match(text)
    if found is None:
        return None
    numbers = tuple(int(part) for part in found[2].split("."))
    return _Tag((found[1], len(numbers), found[3]), numbers, text)
