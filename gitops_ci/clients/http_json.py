"""Values from a JSON document that a server gives: one GET over TLS, no redirects, bounded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from gitops_ci.config.json_path import JsonPathError, parse_json_path, values_at
from gitops_ci.model.errors import EndpointError
from gitops_ci.net.http import Answer, HttpError, get, shown

_LIMIT = 2**20
Get = Callable[[str, Mapping[str, str]], Answer]


def _get(url: str, headers: Mapping[str, str]) -> Answer:
    return get(url, headers, limit=_LIMIT)


def values(url: str, path: str, token: str = "", fetch: Get = _get) -> tuple[Any, ...]:
    """The values at the JSONPath `path` of the document at `url`. Raises EndpointError when the
    server answers with anything but 200 and JSON, or with too much of it."""
    headers = {"Accept": "application/json"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = fetch(url, headers)
    except HttpError as error:
        raise EndpointError(str(error)) from error
    if answer.status != 200:
        more = ", and redirects are not followed" if 300 <= answer.status < 400 else ""
        raise EndpointError(f"{shown(url)} answers {answer.status}{more}")
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise EndpointError(f"{shown(url)} answers 200, and no JSON") from error
    try:
        return tuple(values_at(parse_json_path(path), document))
    except JsonPathError as error:
        raise EndpointError(f"{shown(url)}: {error}") from error
