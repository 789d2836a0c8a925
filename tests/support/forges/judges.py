"""Which document a fake is judged by; none where the documents are not at hand."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from tests.support.fake_gitlab.shapes import GITLAB_EXTRA
from tests.support.forges.calls import Answer, Call
from tests.support.forges.graphql_judge import GraphQLJudge
from tests.support.forges.openapi import OpenApiJudge
from tests.support.forges.server import Judge
from tests.support.tools import CORPORA, REQUIRE_ALL, ROOT, SCHEMAS, absent

CURRENT = "api.github.com"
EDITIONS = (CURRENT, "ghes-3.19", "ghes-3.17")
"""The documents of @octokit/openapi that judge GitHub's fake."""
_LOOSE = frozenset(
    {
        # the document gives one kind of event after the other, each with fields of all
        ("GET", "/repos/{owner}/{repo}/issues/{issue_number}/events"),
        # the document knows `sha` of an entry, but not that null removes a file
        ("POST", "/repos/{owner}/{repo}/git/trees"),
    }
)


class GitlabJudge:
    """REST by the OpenAPI document, GraphQL by the schema beside the fake where the package that
    reads it is installed."""

    def __init__(self, rest: OpenApiJudge) -> None:
        self.rest = rest
        graphql = ROOT / "tests/support/fake_gitlab/schema.graphql"
        self.graphql = GraphQLJudge(graphql) if find_spec("graphql") else None

    def problems(self, call: Call, answer: Answer) -> list[str]:
        if call.path != "/graphql":
            return self.rest.problems(call, answer)
        return self.graphql.problems(call, answer) if self.graphql else []


class GithubJudge:
    """REST by the OpenAPI documents of github.com and of the servers, GraphQL by the schema. The
    servers' documents judge each shape of a call once: most calls are alike."""

    def __init__(self, rest: Mapping[str, OpenApiJudge], graphql: GraphQLJudge) -> None:
        self.rest, self.graphql = rest, graphql

    def problems(self, call: Call, answer: Answer) -> list[str]:
        if call.path == "/graphql":
            return self.graphql.problems(call, answer)
        shape = (call.method, re.sub(r"[0-9a-f]{40}|[0-9]+", "", call.path), answer.status,
                 *map(_shape, (call.query, call.body, answer.data)))  # fmt: skip
        editions = (CURRENT,) if shape in _seen else EDITIONS
        _seen.add(shape)
        return [
            f"{edition}: {text}"
            for edition in editions
            for text in self.rest[edition].problems(call, answer)
        ]


_seen: set[object] = set()


def _shape(value: object) -> object:
    """What of a value a schema speaks of: names, types, and words that may be one of a list."""
    if isinstance(value, Mapping):
        return tuple((key, _shape(part)) for key, part in sorted(value.items()))
    if isinstance(value, list):
        return tuple(dict.fromkeys(map(_shape, value)))
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]{1,24}", value):
        return value
    return type(value)


def github_judge() -> Judge | None:
    """The judge for GitHub."""
    rest = {edition: _document(f"{edition}.json") for edition in EDITIONS}
    graphql = _document("schema.graphql")
    known = {edition: path for edition, path in rest.items() if path is not None}
    if set(known) != set(EDITIONS) or graphql is None:
        return None
    judges = {edition: OpenApiJudge(path, loose=_LOOSE) for edition, path in known.items()}
    return GithubJudge(judges, GraphQLJudge(graphql))


def _document(name: str) -> Path | None:
    """A vendor's document from the folder that scripts/forge-documents.sh fills."""
    path = Path(os.environ.get(SCHEMAS) or os.devnull) / "forges" / name
    return path if path.is_file() else _missing(f"{SCHEMAS} names no folder with forges/{name}")


def _missing(reason: str) -> None:
    if os.environ.get(REQUIRE_ALL) == "1":
        absent(reason)


def gitlab_judge() -> Judge | None:
    """The judge for GitLab."""
    folder = Path(os.environ.get(CORPORA) or ROOT.parent / "shared" / "corpora")
    path = folder / "forge" / "gitlab-openapi.yaml"
    if not path.is_file():
        return _missing(f"the corpora hold no {path.name}")
    rest = OpenApiJudge(path, prefix="/api/v4", extra=GITLAB_EXTRA, names_only=True)
    return GitlabJudge(rest)
