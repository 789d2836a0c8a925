"""Differences that follow from others: checksums of what is shown anyway, generated names."""

from __future__ import annotations

import re
from typing import Any

from gitops_ci.diff.model import Noise
from gitops_ci.diff.values import Pair
from gitops_ci.model.regex import regex

_HASHED = regex(r"^(?P<base>.+)-[0-9bcdfghkmt]{10}$")
"""kustomize's suffix: ten characters of a hash in the alphabet of its `encode` (api/hasher)."""
_HEX = regex(r"^(?:sha256:)?[0-9a-f]{8,128}$")
_CHECKSUM_KEY = regex(r"checksum|config-?hash|secret-?hash|config-?map-?hash", re.IGNORECASE)
_CHART_LABEL = "helm.sh/chart"


def base_name(name: str) -> str:
    """A generated name without its hash; empty when it has none."""
    match = _HASHED.match(name)
    return match["base"] if match else ""


def noise_of(pair: Pair, renamed: dict[str, str]) -> Noise | None:
    """Why the difference says nothing new, if it does not. `renamed` leads from the former to the
    present generated names."""
    before, after = pair.before, pair.after
    if not isinstance(before, str) or not isinstance(after, str):
        return None
    if renamed.get(before) == after:
        return Noise.GENERATED_NAME
    key = pair.new_route[-1] if pair.new_route else ""
    if not isinstance(key, str) or len(pair.new_route) < 2:
        return None
    holder = pair.new_route[-2]
    if holder == "annotations" and _CHECKSUM_KEY.search(key) and _both(_HEX, before, after):
        return Noise.CHECKSUM
    if holder == "labels" and key == _CHART_LABEL:
        return Noise.CHART_LABEL
    return None


def _both(pattern: re.Pattern[str], before: Any, after: Any) -> bool:
    return bool(pattern.match(before) and pattern.match(after))
