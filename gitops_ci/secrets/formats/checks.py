"""What the text of a credential says about its own validity; one visible table of all checks.

A checksum that is right proves that a provider made the token. One that is wrong proves less than
it seems: the token may have been cut, or a character changed by hand, and what is left can still
help somebody. So a wrong checksum alone never silences a finding; only a value that was evidently
typed by hand (`abcdef…`, `1234…`, `aaaa…`) is no credential.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise

from gitops_ci.secrets.format import Validate, Validity
from gitops_ci.secrets.formats import checksums, structures, tokens


def is_typed_by_hand(text: str) -> bool:
    """Whether most neighbours in a text are equal or follow each other, as in `abcd1234aaaa`."""
    letters = [ord(char) for char in text.lower() if char.isalnum()]
    steps = [second - first for first, second in pairwise(letters)]
    regular = sum(step in (-1, 0, 1) for step in steps)
    return not steps or regular * 2 > len(steps)


def _proven(is_right: Callable[[str], bool], text: str) -> Validity:
    if is_right(text):
        return Validity.VALID
    return Validity.INVALID if is_typed_by_hand(text) else Validity.UNKNOWN


def _likely(is_right: Callable[[str], bool], text: str) -> Validity:
    """Like `_proven` for what has no checksum: what is right proves nothing."""
    return Validity.UNKNOWN if is_right(text) else _proven(is_right, text)


def _possible(is_possible: Callable[[str], bool], text: str) -> Validity:
    """For what cannot be a credential of the format unless its structure is right."""
    return Validity.UNKNOWN if is_possible(text) else Validity.INVALID


def checks_at(now: float | None) -> Mapping[str, Validate]:
    """Every check by the name under which the data files refer to it; `now` as seconds of UTC."""
    return {
        "github": partial(_proven, checksums.github),
        "grafana": partial(_proven, checksums.grafana),
        "gitlab-routable": partial(_proven, checksums.gitlab_routable),
        "nkey": partial(_possible, checksums.nkey),
        "base58": partial(_possible, checksums.base58),
        "bech32": partial(_possible, checksums.bech32),
        "aws-id": partial(_likely, structures.aws_key_id),
        "macaroon": partial(_likely, structures.macaroon),
        "discord": partial(_possible, structures.discord_token),
        "basic": partial(_possible, structures.basic_login),
        "base64-32": partial(_possible, partial(structures.base64_of, 32)),
        "base64-64": partial(_possible, partial(structures.base64_of, 64)),
        "mixed": partial(_possible, structures.mixed),
        "jwt": partial(tokens.jwt, now=now),
    }
