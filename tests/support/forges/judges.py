"""Which document a fake is judged by; none where the documents are not at hand."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.fake_gitlab.shapes import GITLAB_EXTRA
from tests.support.forges.calls import Answer, Call
from tests.support.forges.graphql_judge import GraphQLJudge
from tests.support.forges.openapi import OpenApiJudge
from tests.support.forges.server import Judge
from tests.support.tools import CORPORA, REQUIRE_ALL, ROOT, SCHEMAS, absent

_LOOSE = frozenset(
    {
        # the document gives one kind of event after the other, each with fields of all
        ("GET", "/repos/{owner}/{repo}/issues/{issue_number}/events"),
        # the document knows `sha` of an entry, but not that null removes a file
        ("POST", "/repos/{owner}/{repo}/git/trees"),
    }
)


class GithubJudge:
    """REST by the OpenAPI document, GraphQL by the schema."""

    def __init__(self, rest: OpenApiJudge, graphql: GraphQLJudge) -> None:
        self.rest, self.graphql = rest, graphql

    def problems(self, call: Call, answer: Answer) -> list[str]:
        judge: Judge = self.graphql if call.path == "/graphql" else self.rest
        return judge.problems(call, answer)


def github_judge(version: str = "api.github.com") -> Judge | None:
    """The judge for a version of GitHub."""
    rest, graphql = _document(f"{version}.json"), _document("schema.graphql")
    if rest is None or graphql is None:
        return None
    return GithubJudge(OpenApiJudge(rest, loose=_LOOSE), GraphQLJudge(graphql))


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
    return OpenApiJudge(path, prefix="/api/v4", extra=GITLAB_EXTRA, names_only=True)
