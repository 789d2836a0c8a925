"""Many remarks on lines in one call: `createDiffNote` of GitLab's GraphQL API, several times in one
mutation. REST takes one discussion a call.

Source: docs.gitlab.com, "GraphQL API resources", Mutation.createDiffNote. The text of a mutation
may have 10,000 characters, which variables do not count into, and it may run for 30 seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gitops_ci.forge.refusal import message_in
from gitops_ci.model.discussion import LineComment
from gitops_ci.model.forge_errors import ForbiddenError, RefusedError

ENDPOINT = "/graphql"
MOST = 30
"""Notes in one mutation, well within its limits."""


def mutation(merge_request: Mapping[str, Any], comments: Sequence[LineComment]) -> dict[str, Any]:
    """The body of the call. `merge_request` is what REST says of it; each comment has a line."""
    names = [f"n{number}" for number in range(len(comments))]
    declared = ", ".join(f"${name}: CreateDiffNoteInput!" for name in names)
    fields = " ".join(f"{name}: createDiffNote(input: ${name}) {{ errors }}" for name in names)
    noteable = f"gid://gitlab/MergeRequest/{merge_request['id']}"
    inputs = (
        {
            "noteableId": noteable,
            "body": comment.body,
            "position": _position(comment, merge_request["diff_refs"]),
        }
        for comment in comments
    )
    return {
        "query": f"mutation({declared}) {{ {fields} }}",
        "variables": dict(zip(names, inputs, strict=True)),
    }


def checked(answer: Any, permission: str) -> bool:
    """Whether the mutation ran; False when GitLab does not take one like it. Raises RefusedError
    for a note that was not taken, ForbiddenError when the token may not write any."""
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict):
        return False
    if any(result is None for result in data.values()):
        said = _first(answer.get("errors"))
        raise ForbiddenError(f"GitLab: {said}", f"give the token `{permission}`", status=403,
                             permission=permission)  # fmt: skip
    for result in data.values():
        if result["errors"]:
            raise RefusedError(f"GitLab: {_first(result['errors'])}", status=400)
    return True


def _position(comment: LineComment, refs: Mapping[str, str]) -> dict[str, Any]:
    """Both paths are always sent; both lines for one that the change left alone."""
    place: dict[str, Any] = {
        "baseSha": refs["base_sha"],
        "startSha": refs["start_sha"],
        "headSha": refs["head_sha"],
        "paths": {"oldPath": comment.old_path or comment.path, "newPath": comment.path},
        "newLine": comment.line,
    }
    return place | ({"oldLine": comment.old_line} if comment.old_line else {})


def _first(errors: Any) -> str:
    first = errors[0] if isinstance(errors, list) and errors else "no reason given"
    return message_in(first)
