"""The grammar of references, row by row, and which parts of a version a change writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.model.image import (
    InvalidReferenceError,
    Pin,
    PinError,
    Shape,
    Version,
    parse_name,
    parse_reference,
    parse_version,
)

A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
LONG = "sha512:" + "c" * 128

VALID = [
    ("nginx", "docker.io/library/nginx", "", ""),
    ("nginx:1.25", "docker.io/library/nginx", "1.25", ""),
    ("library/nginx", "docker.io/library/nginx", "", ""),
    ("docker.io/nginx", "docker.io/library/nginx", "", ""),
    ("docker.io/library/nginx:1", "docker.io/library/nginx", "1", ""),
    ("index.docker.io/library/nginx", "docker.io/library/nginx", "", ""),
    ("index.docker.io/acme/web", "docker.io/acme/web", "", ""),
    ("acme/web", "docker.io/acme/web", "", ""),
    ("localhost/web", "localhost/web", "", ""),
    ("localhost:5000/web:v1", "localhost:5000/web", "v1", ""),
    ("host:5000/img", "host:5000/img", "", ""),
    (f"host:5000/a/b:tag@{A}", "host:5000/a/b", "tag", A),
    ("[::1]:5000/x:1", "[::1]:5000/x", "1", ""),
    ("[2001:db8::1]/x", "[2001:db8::1]/x", "", ""),
    ("127.0.0.1:80/x", "127.0.0.1:80/x", "", ""),
    (f"web@{A}", "docker.io/library/web", "", A),
    (f"web@{LONG}", "docker.io/library/web", "", LONG),
    (f"web@sha384:{'d' * 96}", "docker.io/library/web", "", "sha384:" + "d" * 96),
    ("GHCR.io/acme/web:V1", "ghcr.io/acme/web", "V1", ""),
    ("ghcr.io/a/b/c/d-e_f__g.h:x", "ghcr.io/a/b/c/d-e_f__g.h", "x", ""),
    ("web:" + "t" * 128, "docker.io/library/web", "t" * 128, ""),
    ("web:_1", "docker.io/library/web", "_1", ""),
]

INVALID = [
    ("", "name is missing"),
    (":v1", "name"),
    ("web:", "tag is empty"),
    ("web:" + "t" * 129, "longer than 128"),
    ("web:-v1", "starts with none"),
    ("web:.v1", "starts with none"),
    ("web:v 1", "a tag has"),
    ("Web", "lower case"),
    ("ghcr.io/Acme/web", "lower case"),
    ("ghcr.io//web", "empty part"),
    ("ghcr.io/web/", "empty part"),
    ("a..b/c", "no host name"),
    ("ghcr.io/a...b", "cannot be part"),
    ("ghcr.io/-web", "cannot be part"),
    ("host:port/web", "no host name"),
    ("[::1/web", "no host name"),
    ("web@", "starts with its algorithm"),
    ("web@md5:" + "a" * 32, "starts with its algorithm"),
    ("web@sha256:" + "a" * 63, "64 digits, not 63"),
    ("web@sha256:" + "A" * 64, "letters a to f"),
    ("web@sha256:" + "g" * 64, "letters a to f"),
    ("a" * 64, "image id"),
    ("ghcr.io/" + "a/" * 127 + "bcd", "longer than 255"),
    ("x" * 2_000, "too long"),
    ("web:v1\n", "a tag has"),
    ("host/:v1", "empty part"),
    ("[::1]", "a tag has"),
    ("we b", "cannot be part"),
]


@pytest.mark.parametrize(("text", "repository", "tag", "digest"), VALID)
def test_valid(text: str, repository: str, tag: str, digest: str) -> None:
    reference = parse_reference(text)
    assert reference.repository == repository
    assert reference.version == Version(tag, digest)
    assert str(reference) == text


@pytest.mark.parametrize(("text", "reason"), INVALID)
def test_invalid(text: str, reason: str) -> None:
    with pytest.raises(InvalidReferenceError, match=reason):
        parse_reference(text)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v1", Version("v1")),
        (f"v1@{A}", Version("v1", A)),
        (f"@{A}", Version("", A)),
        (A, Version("", A)),
    ],
)
def test_a_version_alone(text: str, version: Version) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize("text", ["", "@", "a b", "sha256:short", "v1@sha256:short", "a:b"])
def test_no_version(text: str) -> None:
    with pytest.raises(InvalidReferenceError):
        parse_version(text)


def test_a_name_has_no_version() -> None:
    assert parse_name("host:5000/web").repository == "host:5000/web"
    with pytest.raises(InvalidReferenceError, match="without tag"):
        parse_name("web:v1")


def test_another_version_keeps_the_name_as_it_is_written() -> None:
    reference = parse_reference(f"index.docker.io/library/nginx:1@{A}")
    assert str(reference.with_tag("2")) == "index.docker.io/library/nginx:2"
    assert str(reference.with_digest(B)) == f"index.docker.io/library/nginx@{B}"
    with pytest.raises(InvalidReferenceError):
        reference.with_tag("-")
    with pytest.raises(InvalidReferenceError):
        reference.with_digest("latest")


BOTH, TAG, DIGEST = Version("v2", B), Version("v2"), Version("", B)

PINNED = [
    (BOTH, Shape.NONE, Pin.KEEP, BOTH),
    (TAG, Shape.NONE, Pin.KEEP, TAG),
    (BOTH, Shape.TAG, Pin.KEEP, TAG),
    (BOTH, Shape.DIGEST, Pin.KEEP, DIGEST),
    (BOTH, Shape.TAG_DIGEST, Pin.KEEP, BOTH),
    (TAG, Shape.TAG_DIGEST, Pin.TAG, TAG),
    (BOTH, Shape.TAG, Pin.TAG_DIGEST, BOTH),
    (BOTH, Shape.TAG, Pin.DIGEST, DIGEST),
    (DIGEST, Shape.TAG_DIGEST, Pin.DIGEST, DIGEST),
    (TAG, Shape.TAG_DIGEST, Pin.KEEP, None),
    (TAG, Shape.DIGEST, Pin.KEEP, None),
    (DIGEST, Shape.TAG, Pin.KEEP, None),
    (DIGEST, Shape.TAG_DIGEST, Pin.KEEP, None),
    (TAG, Shape.TAG, Pin.DIGEST, None),
    (DIGEST, Shape.NONE, Pin.TAG, None),
]


@pytest.mark.parametrize(("wanted", "current", "pin", "expected"), PINNED)
def test_what_is_written(
    wanted: Version, current: Shape, pin: Pin, expected: Version | None
) -> None:
    if expected is None:
        with pytest.raises(PinError):
            wanted.pinned(current, pin)
    else:
        assert wanted.pinned(current, pin) == expected


WORDS = st.text("ab09", min_size=1, max_size=5)
PART = st.tuples(WORDS, st.sampled_from([".", "_", "__", "-", "--"]), WORDS).map("".join)
NAMES = st.lists(PART, min_size=2, max_size=4).map("/".join)
TAGS = st.tuples(st.sampled_from("aZ0_"), st.text("aZ0_.-", max_size=20)).map("".join)


@given(NAMES, st.sampled_from(["", "ghcr.io/", "host:5000/", "[::1]:5000/"]), TAGS)
def test_what_is_put_together_is_taken_apart_again(name: str, host: str, tag: str) -> None:
    reference = parse_reference(f"{host}{name}:{tag}@{A}")
    assert (reference.name, reference.version) == (host + name, Version(tag, A))
    assert parse_reference(str(reference)) == reference
    assert parse_reference(reference.repository).repository == reference.repository


@given(st.text(max_size=80))
def test_any_text_is_a_reference_or_has_a_reason(text: str) -> None:
    reason = ""
    written = text
    try:
        written = str(parse_reference(text))
    except InvalidReferenceError as error:
        reason = str(error) or "none"
    assert written == text
    assert reason != "none"
