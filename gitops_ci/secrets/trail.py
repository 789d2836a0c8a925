"""Where a walk through a document is: the way, the object around it, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.secrets import rules
from gitops_ci.secrets.hit import MOST_HITS, Entry, Hit
from gitops_ci.secrets.secret_text import SecretText

EMBEDDED_DEPTH = 3
EMBEDDED_BUDGET = 2 * 2**20
"""So many characters of texts inside values are looked into in one document."""


Handler = Callable[[dict[str, Any], Route, "Trail"], None]
"""Looks at an object of one kind and decides which parts of it are walked."""


class Trail(Struct):
    """The state of one walk. `rule` is the one that holds here, `outer` the place of the value in
    which the walk takes place when that is a document inside a string."""

    document: int
    handlers: Mapping[str, Handler]
    hits: list[Hit] = field(default_factory=list)
    object: ObjectRef | None = None
    rule: Rule = rules.CREDENTIAL
    outer: Entry | None = None
    depth: int = 0
    budget: int = EMBEDDED_BUDGET

    @property
    def is_full(self) -> bool:
        """Whether enough was found already."""
        return len(self.hits) >= MOST_HITS

    def add(
        self,
        route: Route,
        value: str,
        severity: Severity,
        *,
        what: str = "",
        rule: Rule | None = None,
        written: str = "",
    ) -> None:
        """Note a secret at `route`; `written` is how it stands there, if in another way."""
        secret = SecretText(value)
        place = Entry(self.document, route)
        if self.outer is not None:
            place = Entry(self.outer.document, self.outer.route, SecretText(written or value))
        self.hits.append(
            Hit(
                rule or self.rule,
                secret,
                what or self.named(route),
                dotted(route) if self.outer is not None else "",
                place,
                severity,
                self.object,
            )
        )

    def named(self, route: Route) -> str:
        """The words for the value at `route`."""
        step = next((step for step in reversed(route) if isinstance(step, str)), "")
        holder = f" of {self.object}" if self.object and self.object.kind else ""
        return f"'{step}'{holder}" if step else f"a value{holder}"

    def renamed(self, hit: Hit, what: str) -> Hit:
        """The same hit in other words."""
        holder = f" of {self.object}" if self.object and self.object.kind else ""
        return replace(hit, what=what + holder)

    @contextmanager
    def inside(self, ref: ObjectRef | None) -> Iterator[None]:
        """What is found from here on belongs to the object."""
        before, self.object = self.object, ref or self.object
        yield
        self.object = before

    @contextmanager
    def under(self, rule: Rule) -> Iterator[None]:
        """What is found from here on breaks the rule."""
        before, self.rule = self.rule, rule
        yield
        self.rule = before

    @contextmanager
    def within(self, route: Route, size: int) -> Iterator[bool]:
        """The walk goes into the text at `route`; False when it is too deep or too much already."""
        if self.depth >= EMBEDDED_DEPTH or size > self.budget:
            yield False
            return
        before = self.outer
        self.outer = before or Entry(self.document, route)
        self.depth, self.budget = self.depth + 1, self.budget - size
        yield True
        self.outer, self.depth = before, self.depth - 1


def dotted(route: Route) -> str:
    """The way without list indices: they change when items move."""
    return ".".join("*" if isinstance(step, int) else step for step in route)
