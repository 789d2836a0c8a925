"""Judges GraphQL calls by GitHub's public schema: the request is parsed and validated, and the
answer is what executing it over the fake's data gives."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from tests.support.forges.calls import Answer, Call


class GraphQLJudge:
    """Judges by the schema at `path`."""

    def __init__(self, path: Path) -> None:
        self._schema = _schema(path)
        self.judged = 0

    def problems(self, call: Call, answer: Answer) -> list[str]:
        from graphql import graphql_sync, parse, validate

        self.judged += 1
        text, variables = call.body["query"], call.body["variables"]
        wrong = [str(error) for error in validate(self._schema, parse(text))]
        if wrong or answer.data.get("data") is None:
            return wrong
        done = graphql_sync(
            self._schema, text, root_value=answer.data["data"], variable_values=variables
        )
        return [f"POST /graphql: {error}" for error in done.errors or ()]


@functools.cache
def _schema(path: Path) -> Any:
    from graphql import build_schema

    return build_schema(path.read_text("utf-8"), assume_valid=True)
