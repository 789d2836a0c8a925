"""The graph of the environments: its order, and what is protected in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gitops_ci.config.model import Environment
from gitops_ci.model.regex import regex

_PROTECTED_NAME = regex(r"(?:^|[-_.])(?:prod|production|prd|live)(?:$|[-_.0-9])", re.IGNORECASE)


def is_protected(name: str, environments: Mapping[str, Environment]) -> bool:
    """Whether mistakes weigh more in the environment: as its entry says; else when its name says
    prod, production or live, or when it is one of the last ones of a graph with an order."""
    own = environments.get(name)
    if own is not None and own.protected is not None:
        return own.protected
    if _PROTECTED_NAME.search(name):
        return True
    return own is not None and bool(own.sources.names) and name not in _feeding(environments)


def order(environments: Mapping[str, Environment]) -> tuple[str, ...]:
    """The environments, each behind those that it takes its versions from; members of a circle
    stand where they are written."""
    result: dict[str, None] = {}
    for name in environments:
        _visit(name, environments, result)
    return tuple(result)


def _feeding(environments: Mapping[str, Environment]) -> set[str]:
    return {source for item in environments.values() for source in item.sources.names}


def _visit(name: str, environments: Mapping[str, Environment], done: dict[str, None]) -> None:
    """Depth first without recursion: a graph may be as deep as a file is long."""
    stack = [(name, iter(environments[name].sources.names))]
    opened = {name}
    while stack:
        current, sources = stack[-1]
        following = next(
            (s for s in sources if s in environments and s not in done and s not in opened), None
        )
        if following is None:
            done.setdefault(current)
            stack.pop()
        else:
            opened.add(following)
            stack.append((following, iter(environments[following].sources.names)))
