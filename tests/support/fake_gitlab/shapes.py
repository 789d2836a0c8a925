"""Hand-written shapes for what GitLab's document at hand lacks: notes, discussions, label events,
users and groups. Written after docs.gitlab.com (Notes API, Discussions API, Resource label events
API, Users API, Group members API, Protected branches API); not a vendor's document."""

from __future__ import annotations

from typing import Any

_STRING, _INTEGER, _BOOLEAN = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
_USER = {
    "type": "object",
    "required": ["id", "username", "name", "state", "web_url"],
    "properties": {"id": _INTEGER, "username": _STRING, "name": _STRING},
}
_POSITION = {
    "type": "object",
    "required": [
        "base_sha", "start_sha", "head_sha", "position_type", "old_path", "new_path",
    ],
    "properties": {
        "base_sha": _STRING,
        "start_sha": _STRING,
        "head_sha": _STRING,
        "position_type": {"enum": ["text", "image", "file"]},
        "old_path": _STRING,
        "new_path": _STRING,
        "old_line": _INTEGER,
        "new_line": _INTEGER,
    },
    "additionalProperties": False,
}  # fmt: skip
_NOTE = {
    "type": "object",
    "required": ["id", "body", "author", "created_at", "system", "noteable_type", "resolvable"],
    "properties": {
        "id": _INTEGER,
        "body": _STRING,
        "author": _USER,
        "system": _BOOLEAN,
        "resolvable": _BOOLEAN,
        "resolved": _BOOLEAN,
        "resolved_by": {"anyOf": [_USER, {"type": "null"}]},
    },
}
_DISCUSSION = {
    "type": "object",
    "required": ["id", "individual_note", "notes"],
    "properties": {"id": _STRING, "notes": {"type": "array", "items": _NOTE}},
}
_EVENT = {
    "type": "object",
    "required": ["user", "created_at", "label", "action"],
    "properties": {"user": _USER, "action": {"enum": ["add", "remove"]}},
}


def _list(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _operation(
    answer: Any, query: tuple[str, ...] = (), body: Any = None, status: int = 200
) -> dict[str, Any]:
    parameters: list[Any] = [{"name": name, "in": "query"} for name in query]
    if body is not None:
        parameters.append({"name": "body", "in": "body", "schema": body})
    return {"parameters": parameters, "responses": {str(status): {"schema": answer}}}


def _body(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_PAGES = ("page", "per_page")
_MR = "/projects/{id}/merge_requests/{merge_request_iid}"
GITLAB_EXTRA: dict[str, Any] = {
    "paths": {
        f"{_MR}/notes": {
            "get": _operation(_list(_NOTE), (*_PAGES, "sort", "order_by")),
            "post": _operation(_NOTE, body=_body(body=_STRING), status=201),
        },
        f"{_MR}/notes/{{note_id}}": {
            "put": _operation(_NOTE, body=_body(body=_STRING)),
            "delete": {"parameters": [], "responses": {"204": {}}},
        },
        f"{_MR}/discussions": {
            "get": _operation(_list(_DISCUSSION), _PAGES),
            "post": _operation(
                _DISCUSSION, body=_body(body=_STRING, position=_POSITION), status=201
            ),
        },
        f"{_MR}/discussions/{{discussion_id}}": {
            "put": _operation(_DISCUSSION, body=_body(resolved=_BOOLEAN))
        },
        f"{_MR}/resource_label_events": {"get": _operation(_list(_EVENT), _PAGES)},
        "/user": {"get": _operation(_USER)},
        "/users": {"get": _operation(_list(_USER), ("username",))},
        "/groups/{id}/members/all": {"get": _operation(_list(_USER), _PAGES)},
        "/projects/{id}/protected_branches/{name}": {
            "get": _operation(_body(name=_STRING, allow_force_push=_BOOLEAN))
        },
        "/projects/{id}/approvals": {"get": _operation({"type": "object"})},
        "/projects/{id}/approval_rules": {"get": _operation(_list({"type": "object"}))},
    }
}
