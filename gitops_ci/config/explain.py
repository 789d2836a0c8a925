"""`config explain KEY --for PATH`: which value holds there, and who else had a say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from gitops_ci.config.globs import deciding
from gitops_ci.config.keys import parse_key
from gitops_ci.config.load import Loaded
from gitops_ci.config.model_checks import OBSERVE, OFF
from gitops_ci.config.precedence import Candidate, Source, in_files, spelled
from gitops_ci.config.subjects import Subject, override_matches
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route

RULES_KEY = "policy.rules."


class Explained(Struct, frozen=True):
    """All that was said about a key, weakest first: the last one wins."""

    key: str
    chain: tuple[Candidate, ...]

    @property
    def winner(self) -> Candidate:
        """What holds."""
        return self.chain[-1]


def explain_key(
    key: str,
    loaded: Loaded,
    subject: Subject,
    chains: Mapping[str, tuple[Candidate, ...]] | None = None,
    rules: Mapping[str, Rule] | None = None,
) -> Explained:
    """Who decides on `key` for the path that `subject` describes. A rule id, alone or behind
    `policy.rules.`, asks for the rule's severity there. `chains` is what was given beyond the
    files. Raises UsageError for a key that does not exist."""
    rule_id = key.removeprefix(RULES_KEY)
    if "/" in rule_id and "." not in rule_id.partition("/")[0]:
        return Explained(rule_id, tuple(_of_rule(rule_id, loaded, subject, rules or {})))
    parsed = parse_key(key)
    chain = list(in_files(loaded, parsed))
    for route in _closer(parsed.route, subject):
        chain += [item for item in in_files(loaded, parse_key(route)) if item.source is Source.FILE]
    return Explained(key, (*chain, *(chains or {}).get(key, ())))


def _closer(route: Route, subject: Subject) -> Iterator[str]:
    """The keys that say the same more closely: an environment's own `pr`."""
    if route[0] == "pr" and len(route) > 1 and subject.environment:
        yield ".".join(("environments", subject.environment, *map(str, route)))


def _of_rule(
    rule_id: str, loaded: Loaded, subject: Subject, rules: Mapping[str, Rule]
) -> Iterable[Candidate]:
    rule = rules.get(rule_id)
    word = rule.severity.word if rule else ""
    yield Candidate(Source.BUILT_IN, "built-in", word)
    config, layers = loaded.config, loaded.layers
    entry = deciding(config.policy.rules, rule_id)
    if entry is not None:
        word = _word(config.policy.rules[entry])
        yield Candidate(Source.FILE, spelled(layers.place(("policy", "rules", entry), "key")), word)
    mode = ""
    for index, override in enumerate(config.overrides):
        if not override_matches(override.match, subject):
            continue
        entry = deciding(override.rules, rule_id)
        if entry is None and (override.mode or mode) == mode:
            continue
        mode = override.mode or mode
        word = word if entry is None else _word(override.rules[entry])
        way: Route = ("mode",) if entry is None else ("rules", entry)
        place = spelled(layers.place(("overrides", index, *way), "key"))
        yield Candidate(Source.FILE, place, f"{word}, only observed" if mode == OBSERVE else word)


def _word(severity: Severity | None) -> str:
    return OFF if severity is None else severity.word
