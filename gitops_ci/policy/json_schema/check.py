"""Files against the JSON Schemas of a team."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from gitops_ci.config.globs import Globs
from gitops_ci.config.model_policy import SchemaRule
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import Part, locate
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.json_schema.schema_file import validator
from gitops_ci.policy.json_schema.wording import told
from gitops_ci.render.routes import canonical
from gitops_ci.repo.names import is_json, is_yaml
from gitops_ci.repo.tree import Tree

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_MOST = 100
"""How many faults of one document are told."""


class SchemaPolicy(Struct, frozen=True):
    """A schema with what the configuration says about it."""

    rule: Rule
    message: str
    globs: Globs
    validator: Validator

    def covers(self, path: str) -> bool:
        """Whether the file has to fulfil the schema."""
        return (is_yaml(path) or is_json(path)) and self.globs.match(path)

    def findings(self, source: SourceFile) -> Iterator[Finding]:
        """What is wrong with the file, each thing on its line."""
        for document in source.documents:
            errors = self.validator.iter_errors(document.value)
            for number, error in enumerate(errors):
                if number >= _MOST:
                    break
                for one in told(error):
                    part: Part = "key" if one.key else "value"
                    place = locate(source, document.index, one.route, part).location
                    words = f"{self.message}: {one.message}" if self.message else one.message
                    key = canonical(document.value, one.route)
                    yield found(self.rule, words, place, hint=one.hint, key=key)


def schema_policy(rule: SchemaRule, tree: Tree) -> SchemaPolicy:
    """The policy of one entry of the configuration, its schema read from `tree`. Raises
    BrokenPolicyError."""
    return SchemaPolicy(
        rule_of(rule), rule.message, Globs.of(rule.files), validator(tree, rule.schema)
    )


def rule_of(rule: SchemaRule) -> Rule:
    """The rule under which the faults of a schema are reported."""
    name = rule.rule or posixpath.basename(rule.schema).partition(".")[0]
    summary = rule.message or f"Files have to fulfil {rule.schema}"
    return Rule(f"policy/{name}", summary, Severity.of(rule.severity))
