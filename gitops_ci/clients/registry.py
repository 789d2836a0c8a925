"""A registry of images, asked over the OCI distribution API.

Source: opencontainers/distribution-spec, "Pulling manifests" and "Listing tags". What a registry
says is not believed: digests are computed from the bytes, links stay on its host, credentials go
nowhere else, and every answer is bounded.

`oras` and `python-dxf` would do for friendly registries. Both read answers of any size into memory
and send their token along when a `next` link leads to another host, and neither waits as long as a
429 asks; so this client stands on `net/` alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
import urllib.parse
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from msgspec import Struct

from gitops_ci.clients.registry_auth import Credentials, read_challenge
from gitops_ci.model.errors import EndpointError
from gitops_ci.model.image import InvalidReferenceError, check_digest, check_tag
from gitops_ci.model.regex import regex
from gitops_ci.net.http import Answer, HttpError, get, is_loopback, shown

MANIFEST_LIMIT = 4 * 2**20
"""The size that the specification asks registries to accept at least."""
_LIST_LIMIT = 16 * 2**20
_MOST_TAGS = 200_000
_MOST_PAGES = 1_000
_MOST_PLATFORMS = 32
_PAGE = 1_000
_TRIES = 4
_LONGEST_WAIT = 60.0
_REDIRECTS = 5
_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_ACCEPT = ", ".join((*_INDEXES, *_MANIFESTS))
_HUB, _HUB_API = "docker.io", "registry-1.docker.io"
_NEXT = regex(r'<([^<>]*)>\s*;[^,]*\brel="?next"?', re.IGNORECASE)

Get = Callable[[str, Mapping[str, str], int], Answer]
Sleep = Callable[[float], None]


def _get(url: str, headers: Mapping[str, str], limit: int) -> Answer:
    return get(url, headers, limit=limit)


class Manifest(Struct, frozen=True):
    """A manifest by its digest. `platforms` maps `os/arch[/variant]` to the digests of an index;
    it is empty for an image of one platform, whose `config` is the digest of its configuration."""

    digest: str
    platforms: Mapping[str, str]
    config: str = ""


class Registry:
    """The repositories of one registry host. Every method raises EndpointError when the registry
    does not answer as the specification says."""

    def __init__(
        self,
        host: str,
        credentials: Credentials | None = None,
        *,
        fetch: Get = _get,
        sleep: Sleep = time.sleep,
    ) -> None:
        api = _HUB_API if host == _HUB else host
        scheme = "http" if is_loopback(f"http://{api}") else "https"
        self._base = f"{scheme}://{api}/v2/"
        self._credentials, self._fetch, self._sleep = credentials, fetch, sleep
        self._tokens: dict[str, str] = {}
        self._waited = 0.0

    def tags(self, path: str) -> tuple[str, ...]:
        """Every tag of the repository `path`, in the order of the registry, through all pages."""
        url = f"{self._base}{path}/tags/list?n={_PAGE}"
        found: dict[str, None] = {}
        seen: set[str] = set()
        while url:
            if url in seen or len(seen) >= _MOST_PAGES or len(found) > _MOST_TAGS:
                raise EndpointError(f"{shown(url)}: the list of tags does not end")
            seen.add(url)
            answer = self._ask(url, path, _LIST_LIMIT)
            tags = _mapping(answer, url).get("tags") or []
            if not isinstance(tags, list):
                raise EndpointError(f"{shown(url)}: the list of tags is no list")
            found.update(dict.fromkeys(tag for tag in tags if _is_tag(tag)))
            url = self._next(url, answer)
        return tuple(found)

    def manifest(self, path: str, reference: str) -> Manifest:
        """The manifest or index behind a tag or digest."""
        url = f"{self._base}{path}/manifests/{reference}"
        answer = self._ask(url, path, MANIFEST_LIMIT, {"Accept": _ACCEPT})
        digest = "sha256:" + hashlib.sha256(answer.body).hexdigest()
        told = answer.headers.get("docker-content-digest", digest)
        wanted = reference if ":" in reference else told
        if told.startswith("sha256:") and told != digest:
            raise EndpointError(f"{shown(url)}: the content does not have the digest {told}")
        if wanted.startswith("sha256:") and wanted != digest:
            raise EndpointError(f"{shown(url)}: the content does not have the digest {wanted}")
        value = _mapping(answer, url)
        if isinstance(value.get("manifests"), list):
            return Manifest(digest, _platforms(value["manifests"]))
        config = value.get("config")
        named = config.get("digest") if isinstance(config, dict) else None
        return Manifest(digest, {}, _digest(named))

    def created(self, path: str, reference: str) -> datetime | None:
        """When the image says that it was built, for the first of its platforms; None when it
        does not say so."""
        manifest = self.manifest(path, reference)
        if manifest.platforms:
            manifest = self.manifest(path, next(iter(manifest.platforms.values())))
        return _time(self._configuration(path, manifest).get("created"))

    def labels(self, path: str, reference: str) -> tuple[Mapping[str, str], ...]:
        """The labels of an image, once for each of its platforms."""
        manifest = self.manifest(path, reference)
        if len(manifest.platforms) > _MOST_PLATFORMS:
            raise EndpointError(f"{path}: the image has more than {_MOST_PLATFORMS} platforms")
        parts = [self.manifest(path, digest) for digest in manifest.platforms.values()]
        return tuple(_labels(self._configuration(path, part)) for part in parts or [manifest])

    def _configuration(self, path: str, manifest: Manifest) -> Mapping[str, Any]:
        """The configuration of an image of one platform; empty when it has none."""
        if not manifest.config:
            return {}
        url = f"{self._base}{path}/blobs/{manifest.config}"
        answer = self._ask(url, path, MANIFEST_LIMIT)
        algorithm, _, expected = manifest.config.partition(":")
        if hashlib.new(algorithm, answer.body).hexdigest() != expected:
            raise EndpointError(f"{shown(url)}: the content does not have this digest")
        return _mapping(answer, url)

    def _ask(
        self, url: str, path: str, limit: int, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The good answer to a GET, after challenges, waits and redirects."""
        answer = self._answered(url, path, limit, headers or {})
        if answer.status == 401:
            self._tokens[path] = self._authorization(answer, path, url)
            answer = self._answered(url, path, limit, headers or {})
        if answer.status != 200:
            hint = "is the name right, and may this machine read it?"
            raise EndpointError(f"{shown(url)}: the registry answers {answer.status}", hint)
        return answer

    def _answered(self, url: str, path: str, limit: int, headers: Mapping[str, str]) -> Answer:
        at = url
        for _ in range(_REDIRECTS + 1):
            own = at.startswith(self._base)
            token = {"Authorization": self._tokens[path]} if own and path in self._tokens else {}
            answer = self._patiently(at, {**headers, **token}, limit)
            if answer.status not in (301, 302, 303, 307, 308):
                return answer
            at = urllib.parse.urljoin(at, answer.headers.get("location", ""))
        raise EndpointError(f"{shown(url)}: more than {_REDIRECTS} redirects")

    def _patiently(self, url: str, headers: Mapping[str, str], limit: int) -> Answer:
        """The answer, asked again while the registry is busy and says so. A registry elsewhere
        cannot send us to a service of this machine."""
        if is_loopback(url) and not is_loopback(self._base):
            raise EndpointError(f"{self._base}: the registry points to this machine")
        for attempt in range(_TRIES):
            try:
                answer = self._fetch(url, headers, limit)
            except HttpError as error:
                raise EndpointError(str(error)) from error
            if answer.status != 429 and answer.status < 500:
                return answer
            wait = retry_after(answer.headers.get("retry-after", ""), 2.0**attempt)
            if attempt == _TRIES - 1 or self._waited + wait > _LONGEST_WAIT:
                break
            self._waited += wait
            self._sleep(wait)
        hint = "run again later" if answer.status == 429 else ""
        raise EndpointError(f"{shown(url)}: the registry answers {answer.status}", hint)

    def _authorization(self, refused: Answer, path: str, url: str) -> str:
        """The Authorization header that the challenge asks for."""
        challenge = read_challenge(refused.headers.get("www-authenticate", ""))
        if challenge is not None and challenge.scheme == "basic" and self._credentials:
            return self._credentials.basic
        realm = challenge.parameters.get("realm", "") if challenge else ""
        if challenge is None or challenge.scheme != "bearer" or not realm:
            hint = "log in with `docker login`, or set the GITOPS_CI_REGISTRY variables"
            raise EndpointError(f"{shown(url)}: the registry wants credentials", hint)
        query = {"scope": f"repository:{path}:pull"}
        if "service" in challenge.parameters:
            query["service"] = challenge.parameters["service"]
        return self._token(f"{realm}{'&' if '?' in realm else '?'}{urllib.parse.urlencode(query)}")

    def _token(self, address: str) -> str:
        headers = {"Authorization": self._credentials.basic} if self._credentials else {}
        answer = self._patiently(address, headers, MANIFEST_LIMIT)
        if answer.status != 200:
            raise EndpointError(f"{shown(address)}: no token is given ({answer.status})")
        value = _mapping(answer, address)
        token = value.get("token") or value.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise EndpointError(f"{shown(address)}: the answer holds no token")
        return "Bearer " + token

    def _next(self, url: str, answer: Answer) -> str:
        found = _NEXT.search(answer.headers.get("link", ""))
        if found is None:
            return ""
        following: str = urllib.parse.urljoin(url, str(found[1]))
        if not following.startswith(self._base):
            raise EndpointError(f"{shown(url)}: the next page lies on another host")
        return following


def retry_after(text: str, otherwise: float, now: datetime | None = None) -> float:
    """The seconds that a Retry-After header asks to wait, given as seconds or as a date."""
    if text.strip().isdecimal() and len(text.strip()) <= 9:
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return otherwise
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max((when - (now or datetime.now(UTC))).total_seconds(), 0.0)


def _mapping(answer: Answer, url: str) -> dict[str, Any]:
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise EndpointError(f"{shown(url)}: the answer is no JSON") from error
    if not isinstance(value, dict):
        raise EndpointError(f"{shown(url)}: the answer is no JSON object")
    return value


def _platforms(entries: list[Any]) -> dict[str, str]:
    """Platforms and digests; attestations, whose platform is unknown, are left out."""
    found: dict[str, str] = {}
    for entry in entries:
        platform = entry.get("platform") if isinstance(entry, dict) else None
        digest = _digest(entry.get("digest")) if isinstance(entry, dict) else ""
        if not isinstance(platform, dict) or not digest:
            continue
        words = [platform.get(key) for key in ("os", "architecture", "variant")]
        name = "/".join(word for word in words if isinstance(word, str) and word)
        if "unknown" not in name:
            found.setdefault(name, digest)
    return found


def _labels(configuration: Mapping[str, Any]) -> dict[str, str]:
    inner = configuration.get("config")
    found = inner.get("Labels") if isinstance(inner, dict) else None
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, str)}


def _is_tag(tag: Any) -> bool:
    try:
        return isinstance(tag, str) and bool(check_tag(tag))
    except InvalidReferenceError:
        return False


def _digest(value: Any) -> str:
    """The value if it is a digest, else empty."""
    try:
        return check_digest(value) if isinstance(value, str) else ""
    except InvalidReferenceError:
        return ""


def _time(text: Any) -> datetime | None:
    """A time as RFC 3339 writes it; years that no clock shows are none."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.\d+)?(Z|z|[+-]\d\d:\d\d)", text)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(found[1] + found[2].upper().replace("Z", "+00:00"))
    except ValueError:
        return None
