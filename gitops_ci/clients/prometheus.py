"""One number from Prometheus.

Source: prometheus.io, "HTTP API", instant queries: `GET /api/v1/query`, a vector of one sample or a
scalar.
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

from gitops_ci.model.errors import EndpointError
from gitops_ci.net.http import Answer, HttpError, get, shown

_LIMIT = 2**20
Get = Callable[[str, Mapping[str, str]], Answer]


def _get(url: str, headers: Mapping[str, str]) -> Answer:
    return get(url, headers, limit=_LIMIT)


def query(server: str, text: str, token: str = "", fetch: Get = _get) -> float | None:
    """The number that the query gives now; None when it gives none. Raises EndpointError when the
    server does not answer, refuses the query, or gives several numbers."""
    url = f"{server.rstrip('/')}/api/v1/query?{urllib.parse.urlencode({'query': text})}"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = fetch(url, headers)
    except HttpError as error:
        raise EndpointError(str(error)) from error
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise EndpointError(f"{shown(url)} answers {answer.status}, and no JSON") from error
    if answer.status != 200 or not isinstance(value, dict) or value.get("status") != "success":
        why = value.get("error") if isinstance(value, dict) else None
        told = f": {why[:200]}" if isinstance(why, str) else ""
        raise EndpointError(f"{shown(url)} answers {answer.status}{told}")
    return _number(value.get("data"), url)


def _number(data: Any, url: str) -> float | None:
    result = data.get("result") if isinstance(data, dict) else None
    kind = data.get("resultType") if isinstance(data, dict) else None
    samples: list[Any] = []
    if kind == "scalar":
        samples = [result]
    elif kind == "vector" and isinstance(result, list):
        samples = [item.get("value") if isinstance(item, dict) else None for item in result]
    else:
        raise EndpointError(f"{shown(url)}: the query gives no number but a {kind}")
    if len(samples) > 1:
        raise EndpointError(f"{shown(url)}: the query gives {len(samples)} numbers, not one")
    if not samples:
        return None
    try:
        _, text = samples[0]
        return float(text)
    except (TypeError, ValueError) as error:
        raise EndpointError(f"{shown(url)}: the answer holds no number") from error
