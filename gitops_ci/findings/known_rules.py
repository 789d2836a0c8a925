"""The ids that exist: rule ids are API, so old ones keep working and wrong ones are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct, field

from gitops_ci.config import rules as config_rules
from gitops_ci.config.globs import rule_matches
from gitops_ci.config.load import Loaded
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.rule import Rule
from gitops_ci.model.span import Route

ALIASES: Mapping[str, str] = {}
"""Former rule ids and what they are called now."""


class LazyRules(Mapping[str, Rule]):
    """Rules by id that are loaded when somebody asks for one: a clean run asks for none."""

    def __init__(self, load: Callable[[], Iterable[Rule]]) -> None:
        self._load = load

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self._load()}

    def __getitem__(self, rule_id: str) -> Rule:
        return self._rules[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


class KnownRules(Struct, frozen=True, dict=True):
    """The rules of this version by id. `open_prefixes` belong to engines whose rules are not
    known beforehand, such as the user's own policies. Empty: every id is taken as known."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=lambda: ALIASES)
    open_prefixes: tuple[str, ...] = ("policy",)

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> KnownRules:
        """The known rules from the tuples of all folders."""
        return cls({rule.id: rule for rule in rules})

    def canonical(self, rule_id: str) -> str:
        """The present name of a rule id."""
        return self.aliases.get(rule_id, rule_id)

    def knows(self, rule_id: str) -> bool:
        """Whether the id, a former one, or a glob such as `image/*` names any rule."""
        if not self.rules or rule_id in self.rules or rule_id in self.aliases:
            return True
        if rule_id.partition("/")[0] in self.open_prefixes:
            return True
        return "*" in rule_id and any(rule_matches(rule_id, known) for known in self.rules)

    def hint(self, rule_id: str) -> str:
        """The nearest id as a hint, or an empty text. A name without its prefix is near too."""
        import difflib

        close = difflib.get_close_matches(rule_id, self._ids, 1, 0.6)
        close = close or [known for known in self._ids if known.endswith(f"/{rule_id}")][:1]
        return f"did you mean '{close[0]}'?" if close else "`gitops-ci rules list` shows all ids"

    @cached_property
    def _ids(self) -> list[str]:
        return sorted(self.rules)


def check_rule_ids(loaded: Loaded, known: KnownRules) -> tuple[Finding, ...]:
    """A finding for each id in `policy.rules` and `overrides[].rules` that names no rule."""
    routes: list[tuple[str, Route]] = [
        (rule_id, ("policy", "rules", rule_id)) for rule_id in loaded.config.policy.rules
    ]
    for index, override in enumerate(loaded.config.overrides):
        routes += [(rule_id, ("overrides", index, "rules", rule_id)) for rule_id in override.rules]
    return tuple(
        found(
            config_rules.UNKNOWN_RULE,
            f"there is no rule '{rule_id}'",
            loaded.layers.place(route, "key"),
            hint=known.hint(rule_id),
            key=rule_id,
        )
        for rule_id, route in routes
        if not known.knows(rule_id)
    )
