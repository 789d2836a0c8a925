"""Which names mean an environment: words, their families, and the usual order of promotion."""

from __future__ import annotations

from gitops_ci.model.regex import regex

FAMILIES: tuple[tuple[str, ...], ...] = (
    ("dev", "develop", "development", "sandbox", "sbx"),
    ("test", "tst", "testing", "qa", "integration", "e2e", "perf", "load"),
    (
        "staging",
        "stage",
        "stg",
        "uat",
        "acceptance",
        "acc",
        "canary",
        "preprod",
        "pre-prod",
        "nonprod",
        "non-prod",
    ),
    ("prod", "production", "prd", "live"),
)
"""Earlier families feed later ones."""
SYNONYMS: tuple[frozenset[str], ...] = (
    frozenset({"dev", "develop", "development"}),
    frozenset({"test", "tst", "testing"}),
    frozenset({"staging", "stage", "stg"}),
    frozenset({"preprod", "pre-prod"}),
    frozenset({"nonprod", "non-prod"}),
    frozenset({"acceptance", "acc"}),
    frozenset({"prod", "production", "prd"}),
)
"""Spellings of the same environment."""
CONTAINERS = frozenset({"overlays", "envs", "environments", "stages", "clusters", "rings"})
"""Directories whose children are environments."""
_NAMED_CONTAINERS = frozenset({"envs", "environments", "stages", "rings"})
NEUTRAL = frozenset(
    {"base", "bases", "common", "shared", "default", "defaults", "all", "global", "minimal"}
    | {"aggregate", "example", "examples", "components", "templates", "lib"}
)
"""Children of such a directory that are not environments themselves."""
_STRONG = frozenset(
    {"dev", "develop", "development", "staging", "stage", "stg", "qa", "uat", "preprod"}
    | {"pre-prod", "nonprod", "non-prod", "prod", "production", "prd"}
)
"""Words that mean an environment also where nothing around says so."""
_ORDER = {word: index for index, family in enumerate(FAMILIES) for word in family}
_SPLIT = regex(r"[-_.]")
_NOT_PROD = ("nonprod", "non-prod", "non_prod", "preprod", "pre-prod", "pre_prod")
_CHANNEL = regex(
    r"(?:^|[-_.])(?:stable|latest|fast|candidates?|alpha|beta|rc|release|eus|nightly|channel)"
    r"(?:$|[-_.])|\d+\.\d|(?:^|[-_.])v\d"
)
_NUMBER = regex(r"\d+\Z")


def family(name: str) -> int | None:
    """The family that the name belongs to, by the whole name or by one of its words; None for a
    name without such a word. `pre-prod` and `nonprod` are not prod."""
    lower = name.lower()
    if lower in _ORDER:
        return _ORDER[lower]
    if any(part in lower for part in _NOT_PROD):
        return _ORDER["preprod"]
    words = [_NUMBER.sub("", part) for part in _SPLIT.split(lower)]
    return next((_ORDER[part] for part in reversed(words) if part in _ORDER), None)


def word(name: str) -> str:
    """The part of a compound name that means an environment: `prod` of `prod-eu-1`; empty when
    there is none."""
    lower = name.lower()
    if lower in _ORDER:
        return name
    known = family(name)
    if known is None:
        return ""
    joined = next((part for part in _NOT_PROD if part in lower), "")
    if joined:
        return joined.replace("_", "-")
    words = [_NUMBER.sub("", part) for part in _SPLIT.split(lower)]
    return next((part for part in reversed(words) if _ORDER.get(part) == known), "")


def is_known(name: str) -> bool:
    """Whether the whole name is an environment's, or a part of it clearly is: `qa`, `prod-eu-1`."""
    return name.lower() in _ORDER or is_strong(word(name))


def is_channel(name: str) -> bool:
    """Whether the name is that of a version or a release channel, not of an environment."""
    return _CHANNEL.search(name.lower()) is not None


def is_strong(name: str) -> bool:
    """Whether the bare name is an environment wherever it stands."""
    return name.lower() in _STRONG


def takes_any_name(container: str) -> bool:
    """Whether every child of the directory is an environment, whatever its name."""
    return container.lower() in _NAMED_CONTAINERS


def synonym(name: str) -> frozenset[str]:
    """All spellings of the same environment, `name` included, in lower case."""
    lower = name.lower()
    return next((group for group in SYNONYMS if lower in group), frozenset({lower}))


def rank(name: str) -> tuple[int, str]:
    """Sorts names in the usual order of promotion; names that say nothing come first."""
    known = family(name)
    return (-1 if known is None else known, name)
