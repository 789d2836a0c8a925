"""The plugins of detect-secrets, fed by our own driver: each sees only lines that hold one of its
words. Which words those are follows from the pattern of each plugin (detect-secrets 1.5)."""

from __future__ import annotations

import importlib
import importlib.util
import math
import re
import string
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.secrets import rules
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.hit import Hit, Stretch
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.source_text import SourceText

_PACKAGE = "detect_secrets"
_LIMIT = 4.5
_SHORTEST = 20
_CHARSET = string.ascii_letters + string.digits + "+/\\-_="
_SHORTEST_PART = 8
_TOKEN = regex(r"[\w+/=.:-]{8,}")


class Plugin(Struct, frozen=True):
    """One plugin: its module below `detect_secrets.plugins`, its class, and what its pattern says
    about every line in which it finds something: the line holds one of the lower-case words, and
    `shape` finds something in it."""

    module: str
    name: str
    words: tuple[str, ...]
    shape: str = ""


_SET = r"(?i)(?:key|pwd|pass|password|token)[\"'\]]{0,2} *[=: ][=:> ]*[\"']?"
_GITLAB = (
    "glpat-",
    "gldt-",
    "glft-",
    "glsoat-",
    "glrt-",
    "gr1348941",
    "glcbt-",
    "glimt-",
    "glptt-",
)
PLUGINS = (
    Plugin(
        "artifactory",
        "ArtifactoryDetector",
        ("akc",),
        r"(?:[\s=:\"]|^)A(?:KC|P[\dA-F])[a-zA-Z0-9]{8}",
    ),
    Plugin(
        "aws",
        "AWSKeyDetector",
        ("akia", "asia", "abia", "acca", "a3t", "aws"),
        r"A[0-9A-Z]{19}|[\"'][0-9a-zA-Z/+]{40}[\"']",
    ),
    Plugin("azure_storage_key", "AzureStorageKeyDetector", ("accountkey",)),
    Plugin("cloudant", "CloudantDetector", ("cloudant",), r"(?i)[0-9a-z]{24}"),
    Plugin("discord", "DiscordBotTokenDetector", ("discord",), r"[MNO][\w-]{23,25}\."),
    Plugin("github_token", "GitHubTokenDetector", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
    Plugin("gitlab_token", "GitLabTokenDetector", (*_GITLAB, "glagent-", "gloas-")),
    Plugin("ibm_cloud_iam", "IbmCloudIamDetector", ("ibm",), _SET + r"[\w-]{44}(?![\w-])"),
    Plugin("ibm_cos_hmac", "IbmCosHmacDetector", ("ibm", "cos"), _SET + r"[a-f0-9]{48}"),
    Plugin("jwt", "JwtTokenDetector", ("eyj",), r"eyJ[\w=-]+\.[\w=-]"),
    Plugin("mailchimp", "MailchimpDetector", ("-us",), r"[0-9a-z]{32}-us\d"),
    Plugin("npm", "NpmDetector", ("_authtoken",)),
    Plugin("openai", "OpenAIDetector", ("t3blbkfj",)),
    Plugin("pypi_token", "PypiTokenDetector", ("pypi-",)),
    Plugin("sendgrid", "SendGridDetector", ("sg.",), r"SG\.[\w-]{22}\."),
    Plugin(
        "slack",
        "SlackDetector",
        ("xox", "hooks.slack.com"),
        r"(?i)xox[abposr]-\d|hooks\.slack\.com",
    ),
    Plugin("softlayer", "SoftlayerDetector", ("softlayer", "soft-layer", "soft_layer")),
    Plugin("square_oauth", "SquareOAuthDetector", ("sq0csp",)),
    Plugin("stripe", "StripeDetector", ("_live_",)),
    Plugin("twilio", "TwilioKeyDetector", ("twilio",), r"[AS][CK][a-z0-9]{32}"),
)
"""Left out: what our own rules see better (basic auth, keywords, private keys, public addresses),
and entropy, which never counts by itself."""


class Library:
    """detect-secrets, loaded plugin by plugin as files hold the words of one."""

    def __init__(self, plugins: tuple[Plugin, ...] = PLUGINS) -> None:
        self._plugins = plugins
        self._loaded: dict[str, Any] = {}

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all plugins."""
        return frozenset(word for plugin in self._plugins for word in plugin.words)

    def hits(self, source: SourceText, words: frozenset[str]) -> Iterator[Hit]:
        """What the plugins find in a file that holds `words`."""
        for plugin in self._plugins:
            wanted = words.intersection(plugin.words)
            for line in source.lines_with(wanted) if wanted else ():
                if re.search(plugin.shape, line.text):
                    yield from self._in_line(plugin, line.text, source.offset(line.start))

    def is_entropic(self, value: str) -> bool:
        """Whether the entropy plugin would find the value, which makes a doubtful one sure. It
        counts the characters of base64 alone, and starting it would cost more than the whole scan
        of a small change."""
        size = len(value)
        if size < _SHORTEST:
            return False
        shares = (value.count(char) / size for char in _CHARSET if char in value)
        return -sum(share * math.log2(share) for share in shares) > _LIMIT

    def _in_line(self, plugin: Plugin, line: str, offset: int) -> Iterator[Hit]:
        detector = self.plugin(plugin)
        for part in set(detector.analyze_string(line)):
            start, value = _whole(line, part)
            if start >= 0 and classify(value) is Kind.SECRET:
                place = Stretch(offset + start, offset + start + len(value))
                what = f"{detector.secret_type} (detect-secrets)"
                severity = rules.TOKEN.severity
                yield Hit(rules.TOKEN, SecretText(value), what, plugin.name, place, severity)

    def plugin(self, plugin: Plugin) -> Any:
        """The plugin itself, loaded at its first use."""
        if plugin.name not in self._loaded:
            loaded = importlib.import_module(f"{_PACKAGE}.plugins.{plugin.module}")
            self._loaded[plugin.name] = getattr(loaded, plugin.name)()
        return self._loaded[plugin.name]


def _whole(line: str, part: str) -> tuple[int, str]:
    """Where the credential stands that `part` belongs to: of some the plugins tell only the
    beginning."""
    start = line.find(part)
    if start < 0 or len(part) >= _SHORTEST_PART:
        return start, part
    match = _TOKEN.match(line, start)
    return start, match.group() if match else part


@lru_cache(1)
def library() -> Library | None:
    """detect-secrets, None when it is not installed. One for all runs in this process, because what
    searches for its words is made once for each."""
    return Library() if importlib.util.find_spec(_PACKAGE) else None
