"""What kind of text a file is, as far as its name tells, and how it writes values."""

from __future__ import annotations

import re

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.repo.paths import name as name_of
from gitops_ci.secrets.judge import Care

_CODE = regex(
    r"\.(?:py|pyi|jsx?|mjs|cjs|tsx?|go|java|kts?|groovy|gradle|rs|rb|php|cs|cc?|cpp|h|hpp|swift|scala|clj|"
    r"exs?|erl|hs|lua|pl|r|sql|vue|svelte|dart|jsonnet|libsonnet|cue|rego|star|bzl|nix|dhall|tsp|"
    r"proto|ps1|psm1)\Z|(?:^|/)(?:Jenkinsfile|Tiltfile|Vagrantfile)\Z"
)
_PROSE = regex(
    r"\.(?:md|markdown|mdx|rst|adoc|txt|html?|svg|ipynb|tex|org|textile|xsd|puml|mermaid|drawio|css|scss)\Z"
    r"|(?:^|/)(?:LICENSE|NOTICE|CHANGELOG|README|AUTHORS|CODEOWNERS)\Z",
    re.IGNORECASE,
)
_NOTHING = regex(
    r"\.(?:lock|sum|csv|tsv|log|map|po|pot|pub|crt|cer|csr|gitignore|dockerignore|helmignore|prov)\Z|"
    r"(?:^|/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|go\.sum|known_hosts|authorized_keys|"
    r"\.htpasswd|\.terraform\.lock\.hcl|npm-shrinkwrap\.json|\.secrets\.baseline|Cargo\.lock|poetry\.lock|uv\.lock)\Z"
)
_LANGUAGE = r"[a-z]{2}(?:[_-][a-z]{2,4})?"
_HOLDER = r"(?:^|/)(?:locales?|i18n|l10n|translations?|languages?|lang)"
_LABELS = regex(
    rf"{_HOLDER}/(?:.*[/._-])?{_LANGUAGE}(?:/|\.[a-z]+\Z)|"
    rf"{_HOLDER}/.*\.(?:json|properties|ftl|xlf|arb|strings|[jt]sx?)\Z|"
    rf"{_HOLDER}(?:[._-]{_LANGUAGE})?\.(?:json|ya?ml|properties|[jt]s)\Z",
    re.IGNORECASE,
)
"""Words for people in several languages. A folder is called so by its whole name: a service for
translations has secrets like any other."""
_ENV = regex(r"(?:^|/)(?:\.env(?:\.[\w.-]+)?|\.envrc|[\w.-]+\.env)\Z")
_WORDS = regex(
    r"(?:^|/)(?:[\w.-]*Dockerfile[\w.-]*|Containerfile|[._]netrc|\.?msmtprc|rndc\.key)\Z|\.(?:dockerfile|conf|cfg|cnf)\Z"
)
_TERRAFORM = regex(r"\.(?:tf|tfvars|hcl|tofu)\Z")


class Style(Struct, frozen=True):
    """`care` for its values, `quoted` when only quoted texts are values, `words` when names and
    values can stand side by side, `whole` when values go on to the end of the line, `scripts` when
    there can be some of a shell between the lines, `assigns` when names say anything about values
    at all."""

    care: Care = Care.DATA
    quoted: bool = False
    words: bool = False
    whole: bool = False
    scripts: bool = False
    assigns: bool = True


def style_of(path: str) -> Style:
    """The style of the file at `path`."""
    if _NOTHING.search(path) or _LABELS.search(path):
        return Style(assigns=False)
    if _PROSE.search(path):
        return Style(Care.PROSE)
    if _CODE.search(path):
        return Style(Care.CODE, quoted=True)
    if _TERRAFORM.search(path):
        return Style(quoted=True, scripts=True)
    return Style(words=bool(_WORDS.search(path)), whole=path.endswith(".properties"))


def is_env(path: str) -> bool:
    """Whether the file is a list of environment variables."""
    return bool(_ENV.search(f"/{name_of(path)}"))
