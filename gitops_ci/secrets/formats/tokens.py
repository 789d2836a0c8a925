"""JSON Web Tokens, which say themselves until when they are valid."""

from __future__ import annotations

import json
from typing import Any

from gitops_ci.secrets.format import Validity
from gitops_ci.secrets.formats.structures import decoded

_SAMPLE = {"sub": "1234567890", "name": "John Doe"}
"""The claims of the token that the front page of jwt.io shows, and half of all manuals."""


def jwt(text: str, *, now: float | None = None) -> Validity:
    """INVALID unless header and claims are JSON objects and the header names a signature (RFC
    7519), and for the sample of jwt.io; EXPIRED when `exp` lies before `now` (seconds of UTC)."""
    parts = text.split(".")
    header = _object(parts[0])
    claims = _object(parts[1]) if len(parts) > 1 else None
    if header is None or claims is None or not isinstance(header.get("alg"), str):
        return Validity.INVALID
    if header["alg"].lower() == "none" or _SAMPLE.items() <= claims.items():
        return Validity.INVALID
    end = claims.get("exp")
    if now is None or isinstance(end, bool) or not isinstance(end, (int, float)):
        return Validity.UNKNOWN
    return Validity.EXPIRED if end < now else Validity.UNKNOWN


def _object(part: str) -> dict[str, Any] | None:
    data = decoded(part)
    try:
        value = json.loads(data) if data else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
