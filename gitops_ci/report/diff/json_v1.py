"""A difference as JSON, version 1."""

from __future__ import annotations

import json
from typing import Any

from gitops_ci.diff.model import ABSENT, Difference, EnvironmentChange, Kind, ObjectChange
from gitops_ci.diff.model import ValueChange as Value
from gitops_ci.model.span import Location

VERSION = 1


def render(difference: Difference) -> str:
    """The whole difference, noise included and marked. A value that is absent on one side has no
    key for it; a masked one is `***` on both."""
    document = {
        "version": VERSION,
        "before": difference.before,
        "after": difference.after,
        "environments": [_environment(item) for item in difference.environments],
        "unseen": [{"path": item.path, "reason": item.reason} for item in difference.unseen],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


def _environment(environment: EnvironmentChange) -> dict[str, Any]:
    return {
        "name": environment.name,
        "protected": environment.protected,
        "summary": {
            **{kind.value: environment.count(kind) for kind in Kind},
            "noise": environment.noise,
        },
        "objects": [_object(item) for item in environment.objects],
    }


def _object(change: ObjectChange) -> dict[str, Any]:
    ref = change.ref
    document: dict[str, Any] = {
        "change": change.kind.value,
        "object": {
            "group": ref.group,
            "version": ref.version,
            "kind": ref.kind,
            "namespace": ref.namespace,
            "name": ref.name,
        },
        "roots": list(change.roots),
        "noise": change.is_noise,
    }
    if change.was:
        document["was"] = change.was
    if change.kind is Kind.CHANGED:
        document["values"] = [_value(item) for item in change.values]
    else:
        document["document"] = change.document
        document.update(_source(change.source))
    return document


def _value(value: Value) -> dict[str, Any]:
    document: dict[str, Any] = {"change": value.kind.value, "path": value.path}
    if value.before is not ABSENT:
        document["before"] = value.before
    if value.after is not ABSENT:
        document["after"] = value.after
    if value.noise is not None:
        document["noise"] = value.noise.value
    return {**document, **_source(value.source)}


def _source(location: Location | None) -> dict[str, Any]:
    if location is None:
        return {}
    return {"source": {"path": location.path, "line": location.line}}
