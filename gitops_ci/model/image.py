"""Image references and the versions they pin.

The grammar is that of github.com/distribution/reference (reference.go, regexp.go, normalize.go);
digests are those of the OCI image specification (descriptor.md#digests), with the algorithms that
registries accept.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gitops_ci.model.errors import UsageError
from gitops_ci.model.regex import regex

_COMPONENT = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = regex(rf"(?:{_COMPONENT}(?:\.{_COMPONENT})*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?\Z")
_PATH_PART = regex(r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*\Z")
_TAG = regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_HEX = regex(r"[0-9a-f]+\Z")
_IDENTIFIER = regex(r"[0-9a-f]{64}\Z")
_DIGEST_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
_TAG_LENGTH = 128
_NAME_LENGTH = 255
_LONGEST = 1024
DOCKER_HUB = "docker.io"
_HUB_NAMES = (DOCKER_HUB, "index.docker.io")


class InvalidReferenceError(ValueError):
    """The text is no image reference; the message says why."""


class Shape(Enum):
    """Which parts of a version a place writes."""

    NONE = "none"
    TAG = "tag"
    DIGEST = "digest"
    TAG_DIGEST = "tag+digest"


class Pin(Enum):
    """Which parts of a version a change writes. KEEP is what the place has already."""

    KEEP = "keep"
    TAG = "tag"
    DIGEST = "digest"
    TAG_DIGEST = "tag+digest"


class PinError(UsageError):
    """The version that is wanted lacks a part that has to be written."""


class Version(Struct, frozen=True):
    """A tag, a digest (`algorithm:hex`), or both. A chart's version and a git ref are tags, too."""

    tag: str = ""
    digest: str = ""

    @property
    def shape(self) -> Shape:
        """Which of the two it has."""
        if self.digest:
            return Shape.TAG_DIGEST if self.tag else Shape.DIGEST
        return Shape.TAG if self.tag else Shape.NONE

    def __str__(self) -> str:
        return self.tag + (f"@{self.digest}" if self.digest else "")

    def pinned(self, current: Shape, pin: Pin) -> Version:
        """What of this version is written to a place that has the shape `current`.

        A place without a version takes all there is. A digest is never left beside another tag:
        a place that has one needs the new one, or `pin` says that it goes. Raises PinError.
        """
        if pin is Pin.KEEP and current is Shape.NONE:
            return self
        wanted = current if pin is Pin.KEEP else Shape(pin.value)
        tag = wanted in (Shape.TAG, Shape.TAG_DIGEST)
        digest = wanted in (Shape.DIGEST, Shape.TAG_DIGEST)
        if tag and not self.tag:
            raise PinError("a tag has to be written and only a digest is given")
        if digest and not self.digest:
            raise PinError(
                "a digest has to be written and none is given",
                "give it as NAME:TAG@DIGEST, or drop it with --pin tag",
            )
        return Version(self.tag if tag else "", self.digest if digest else "")


class ImageReference(Struct, frozen=True):
    """A parsed reference. `name` is as written; `domain` and `path` are normalised."""

    name: str
    domain: str
    path: str
    version: Version = Version()

    @property
    def repository(self) -> str:
        """The normalised name: `docker.io/library/nginx` for `nginx`."""
        return f"{self.domain}/{self.path}"

    @property
    def shape(self) -> Shape:
        """Which parts of a version the reference has."""
        return self.version.shape

    def with_version(self, version: Version) -> ImageReference:
        """The same name, as it is written, with another version."""
        return ImageReference(self.name, self.domain, self.path, version)

    def with_tag(self, tag: str) -> ImageReference:
        """The reference with another tag and without a digest, which would belong to the old one.
        Raises InvalidReferenceError."""
        return self.with_version(Version(check_tag(tag)))

    def with_digest(self, digest: str) -> ImageReference:
        """The reference with a digest alone. Raises InvalidReferenceError."""
        return self.with_version(Version("", check_digest(digest)))

    def __str__(self) -> str:
        tag, digest = self.version.tag, self.version.digest
        return self.name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def parse_reference(text: str) -> ImageReference:
    """The reference that `text` spells. Raises InvalidReferenceError with the reason."""
    if len(text) > _LONGEST:
        raise InvalidReferenceError("the reference is too long")
    rest, at, digest = text.partition("@")
    if at:
        check_digest(digest)
    name, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:  # a colon before the last slash is that of a port or an address
        name, tag, colon = rest, "", ""
    if not name:
        raise InvalidReferenceError("the name is missing")
    if colon:
        check_tag(tag)
    domain, path = _split(name)
    return ImageReference(name, domain, path, Version(tag, digest))


def parse_name(text: str) -> ImageReference:
    """The reference of a bare repository name. Raises InvalidReferenceError when `text` is none,
    or has a tag or digest."""
    reference = parse_reference(text)
    if reference.shape is not Shape.NONE:
        raise InvalidReferenceError("a name without tag and digest is wanted")
    return reference


def check_tag(tag: str) -> str:
    """`tag` itself. Raises InvalidReferenceError."""
    if not tag:
        raise InvalidReferenceError("the tag is empty")
    if len(tag) > _TAG_LENGTH:
        raise InvalidReferenceError(f"the tag is longer than {_TAG_LENGTH} characters")
    if not _TAG.match(tag):
        raise InvalidReferenceError(
            "a tag has letters, digits, '_', '.' and '-' and starts with none of the last two"
        )
    return tag


def check_digest(digest: str) -> str:
    """`digest` itself. Raises InvalidReferenceError."""
    algorithm, colon, value = digest.partition(":")
    length = _DIGEST_LENGTHS.get(algorithm)
    if not colon or length is None:
        known = ", ".join(_DIGEST_LENGTHS)
        raise InvalidReferenceError(f"a digest starts with its algorithm, one of {known}")
    if not _HEX.match(value):
        raise InvalidReferenceError("the hash of a digest has digits and the letters a to f")
    if len(value) != length:
        raise InvalidReferenceError(f"a {algorithm} digest has {length} digits, not {len(value)}")
    return digest


def parse_version(text: str) -> Version:
    """`TAG`, `TAG@DIGEST` or a bare digest. Raises InvalidReferenceError."""
    tag, at, digest = text.partition("@")
    if at:
        return Version(check_tag(tag) if tag else "", check_digest(digest))
    if tag.partition(":")[0] in _DIGEST_LENGTHS and ":" in tag:
        return Version("", check_digest(tag))
    return Version(check_tag(tag))


def _split(name: str) -> tuple[str, str]:
    """Domain and path, normalised as Docker does. Raises InvalidReferenceError."""
    domain, slash, path = name.partition("/")
    if not slash or not _is_domain(domain):
        if not slash and ":" in domain:
            raise InvalidReferenceError("the tag has characters that no tag may have")
        domain, path = DOCKER_HUB, name
    if domain in _HUB_NAMES:
        domain = DOCKER_HUB
        path = path if "/" in path else f"library/{path}"
    _check_domain(domain)
    _check_path(path)
    if len(path) > _NAME_LENGTH:
        raise InvalidReferenceError(f"the name is longer than {_NAME_LENGTH} characters")
    if not slash and _IDENTIFIER.match(name):
        raise InvalidReferenceError("64 hexadecimal digits are an image id, not a name")
    return domain.lower(), path


def _is_domain(text: str) -> bool:
    """The first part of a name is a host when it cannot be a path."""
    return "." in text or ":" in text or text == "localhost" or text.lower() != text


def _check_domain(domain: str) -> None:
    if not _DOMAIN.match(domain):
        raise InvalidReferenceError("the registry is no host name or address with a port")


def _check_path(path: str) -> None:
    for part in path.split("/"):
        if not part:
            raise InvalidReferenceError("the name has an empty part")
        if _PATH_PART.match(part):
            continue
        if _PATH_PART.match(part.lower()):
            raise InvalidReferenceError("a repository name must be lower case")
        raise InvalidReferenceError(f"'{part[:40]}' cannot be part of a repository name")
