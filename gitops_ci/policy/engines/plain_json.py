"""JSON of any program, in a form of ours: `[{"file": …, "rule": …, "message": …}]`.

The list may also stand under `results` or `findings`. `severity`, `path` (where in the object),
`line` (in the file), `hint` and `url` may be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.policy.engines.answers import number_of
from gitops_ci.policy.engines.port import EngineFailedError, Sent, Verdict
from gitops_ci.policy.engines.routes import route_of
from gitops_ci.policy.engines.sending import route_on_line
from gitops_ci.policy.engines.words import policy_name, said, severity_of

_LISTS = ("results", "findings")
_NEEDED = ("file", "rule", "message")


def of_json(answer: Any, sent: Sent) -> Iterator[Verdict]:
    """The verdicts in the answer. Raises EngineFailedError when it has another form."""
    found = answer
    if isinstance(answer, dict):
        found = next((answer[word] for word in _LISTS if word in answer), None)
    if not isinstance(found, list):
        raise EngineFailedError("its output is no list of findings")
    for one in found:
        if not isinstance(one, dict) or not all(isinstance(one.get(word), str) for word in _NEEDED):
            raise EngineFailedError(f"a finding needs {', '.join(_NEEDED)}")
        number = number_of(one["file"])
        if number is None or number not in sent.objects:
            raise EngineFailedError("a finding is about none of the objects")
        value, line = sent.objects[number], one.get("line")
        route = route_of(one.get("path"), value)
        if not route and isinstance(line, int):
            route = route_on_line(value, line)
        hint, url = one.get("hint"), one.get("url")
        yield Verdict(
            number,
            policy_name(one["rule"]),
            said(one["message"], sent.home),
            severity_of(one.get("severity")),
            route,
            hint=said(hint, sent.home) if isinstance(hint, str) else "",
            url=url if isinstance(url, str) else "",
        )
