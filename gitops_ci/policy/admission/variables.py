"""Variables of a policy, put into the expressions that use them.

Each becomes a `cel.bind`, which the evaluator computes when it is first read: so a variable that
has no value does no harm to an expression that never gets to it, as in the API server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gitops_ci.cel.optionals import BOUND
from gitops_ci.model.regex import regex

PREFIX = "variables."
_TOKEN = regex(
    r"""(?P<string>[rRbB]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))"""
    r"|(?P<comment>//[^\n]*)"
    r"|(?P<there>\bhas\s*\(\s*variables\s*\.\s*(?P<asked>\w+)\s*\))"
    r"|(?P<variable>(?<![\w.])variables\s*\.\s*(?P<name>\w+))",
    re.DOTALL,
)


def bound(text: str, variables: Mapping[str, str]) -> str:
    """The expression with the variables that it needs bound around it. `variables` are the texts
    by name, in an order in which each names only those before it."""
    used = names_in(text)
    if used.isdisjoint(variables):
        return text
    needed: list[str] = []
    for name in reversed(list(variables)):
        if name in used:
            needed.append(name)
            used |= names_in(variables[name])
    made = f"({_renamed(text)}\n)"
    for name in needed:
        made = f"cel.bind({_bound_name(name)}, ({_renamed(variables[name])}\n), {made})"
    return made


def names_in(text: str) -> set[str]:
    """The variables that an expression names."""
    return {match["name"] for match in _TOKEN.finditer(text) if match["name"]}


def _bound_name(name: str) -> str:
    return BOUND + name


def _renamed(text: str) -> str:
    def other(match: re.Match[str]) -> str:
        if match["name"]:
            return _bound_name(match["name"])
        return "true" if match["asked"] else match[0]

    return _TOKEN.sub(other, text)
