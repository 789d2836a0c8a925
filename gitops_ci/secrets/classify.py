"""What a text is that stands where a secret could stand."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from gitops_ci.model.regex import regex
from gitops_ci.secrets.placeholder import is_placeholder
from gitops_ci.secrets.strength import looks_made_up, looks_random


class Kind(Enum):
    """The classes of a value. Only SECRET is reported."""

    SECRET = "secret"  # noqa: S105 - the name of a class
    REFERENCE = "reference"
    """It says where the secret is, or is filled in later."""
    PLACEHOLDER = "placeholder"
    CIPHERTEXT = "ciphertext"
    PUBLIC = "public"
    """Certificates, public keys, digests."""
    HASH = "hash"
    """A password hash made to be stored."""
    PLAIN = "plain"
    """Text that is something else: a number, an address, a path, a sentence."""


_CIPHERTEXT = regex(
    r"ENC\[|ENC\(|\$ANSIBLE_VAULT;|\x00GITCRYPT|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----|"
    r"vault:v\d+:|\{cipher\}|age-encryption\.org/|AQICAH[\w+/=-]{40}|CiQA[\w+/=-]{40}|"
    r"Ag[A-D][\w+/]{300}|-----BEGIN PKCS7-----|gAAAAA[\w=-]{60}|"
    r"(?:wcFMA|wcBMA|hQ[EI]MA|hF4D)[\w+/]{40}|\{[A-Za-z0-9+/]{22,}={0,2}\}\Z"
)
"""SOPS, jasypt, ansible-vault, git-crypt, PGP, age, Vault transit, Spring Cloud Config, AWS and
Google KMS, Sealed Secrets, eyaml, Fernet, Maven ("Password Encryption")."""

_SCHEMES = (
    "op|vault|awssm|aws-sm|ssm|gcpsm|gcp-sm|azkv|keyvault|sops|secretref|secret|env|file|awssecret|"
    "awsps|doppler|bao|k8s|conjur|akeyless|infisical|secretsmanager|bws|bw"
)
_OWNERS = (
    r"var|local|module|data|each|self|random_\w+|tls_private_key|azurerm_\w+|azuread_\w+|aws_\w+|"
    r"google_\w+|kubernetes_\w+|vault_\w+|hcloud_\w+|digitalocean_\w+|github_\w+"
)
_REFERENCE = regex(
    r"\$\{|\$\(|\$\$|\$__\w+\{|\$[A-Za-z_][\w.:-]*\Z|\{\{|\{%|\[\[|<%|<path:|>>vault:|ref\+|"
    r"%\{|%\(\w+\)s|%[A-Z_]+%\Z|%\[|\(\([^()]+\)\)\Z|#\{|~\{|"
    rf"(?:{_SCHEMES}):(?://|[\w/])|vault:[\w/-]+#|projects/[^/]+/secrets/|"
    r"arn:aws[\w-]*:(?:secretsmanager|ssm|kms|iam):|@Microsoft\.KeyVault\(|@@[\w.-]+@@|@[\w.]+@\Z|"
    rf"(?:{_OWNERS})(?:\.[\w\[\]\"*-]+)+\Z|\.Values\.|!(?:vault|reference|Ref|Sub|GetAtt|secret)\b|"
    r"[A-Za-z][a-z_-]*(?:/[A-Za-z][a-z_-]*){2,}\Z|[A-Za-z_][\w.]*(?:\[[^\]]*\]|\([^)]*\))+;?\Z|"
    r"(?:lookup|getenv|env|credentials|process\.env|os\.environ|os\.getenv|System\.getenv)[.(\[]|"
    r"/(?:run|var|etc|mnt|vault|home|opt|usr|tmp|root|secrets?|data)/|~/|\./"
)
_FILLED_IN = regex(
    r"\$(?:__\w+)?\{[^}]*\}|\$\([A-Za-z_][\w.-]*\)|\{\{.*?\}\}|<path:[^>]+>|\[\[.*?\]\]|"
    r"\$[A-Za-z_][\w.:-]*",
    re.DOTALL,
)
_DEFAULT = regex(r"\$\{[A-Za-z_][\w.]{0,200}:[-=]?([^-=?+{}$\s][^{}$\s]{6,500})\}")
"""As shells, Flux and Spring write it: `${NAME:-text}`, `${NAME:=text}`, `${NAME:text}`."""
_PUBLIC = regex(
    r"AC[0-9a-f]{32}\Z|"  # the SID of a Twilio account, which is its user name
    r"-----BEGIN (?:(?:TRUSTED |NEW )?CERTIFICATE|X509 CRL|(?:RSA )?PUBLIC KEY|"
    r"PGP PUBLIC KEY BLOCK|SSH2 PUBLIC KEY|DH PARAMETERS|EC PARAMETERS)|age1[0-9a-z]{50}|"
    r"sha(?:1|256|384|512)[:-]|md5:|"
    r"(?:\S+ )?(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA"
)
_HASH = regex(
    r"(?:[\w.@-]{1,64}:)?(?:\$2[abxy]?\$|\$argon2|\$[156y]\$|\$apr1\$|\$scrypt|\$pbkdf2|pbkdf2[_:]|"
    r"\{S?SHA(?:256|384|512)?\}|\{(?:PBKDF2|ARGON2|CRYPT)|SCRAM-SHA-|scrypt:|md5[0-9a-f]{32}\Z|"
    r"\$shiro1\$|[A-Za-z0-9+/]{43}= [A-Za-z0-9+/]{43}=\Z|"  # Solr's
    r"\*[0-9A-F]{40}\Z)"  # MySQL's
)
_PLAIN = tuple(
    regex(pattern)
    for pattern in (
        r"[-+]?\d{1,5}(?:\.\d+)?(?:%|[smhdwy]|ms|[KMGT]i?B?)?\Z",
        r"\d+(?:\.\d+)+\Z|[-+]?\d*\.\d+\Z",
        r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?\Z",
        r"[a-zA-Z][\w+.-]{0,30}://(?![^/\s@]*:[^/\s@]+@)[^\s]+\Z",
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+\Z",
        r"(?:[a-z0-9-]+\.)+(?:svc|local|com|net|org|io|dev|cluster|internal|lan|cloud|app)(?::\d+)?\Z",
        r"#/",
        r"\.{0,2}/[\w./@~-]*\Z|[A-Za-z]:\\|(?:[\w.-]+/)+[\w.-]+\.[a-z]{2,5}\Z",
        r".*(?:\\[SwdbWDs]|\.\*|\[\^|\(\?|[\])]\{\d+(?:,\d*)?\})",
        r"[\w.-]+(?:/[\w.-]+)+(?::[\w.-]+)?@sha256:[0-9a-f]{64}\Z",
    )
)
"""Numbers, versions, dates, addresses without a password, mail addresses, hosts, paths, regular
expressions, images."""

_LONGEST_REFERENCE = 2000
_SHORTEST = 3
_SENTENCE = 4


@lru_cache(4096)
def classify(text: str) -> Kind:
    """The class of a value that stands where a secret could stand."""
    value = text.strip().strip("\"'").strip()
    if not value:
        return Kind.PLACEHOLDER
    if _CIPHERTEXT.match(value):
        return Kind.CIPHERTEXT
    if _HASH.match(value):
        return Kind.HASH
    if _PUBLIC.match(value):
        return Kind.PUBLIC
    if _is_reference(value):
        return Kind.REFERENCE
    if is_placeholder(value):
        return Kind.PLACEHOLDER
    return Kind.PLAIN if _is_plain(value) else Kind.SECRET


def _is_reference(value: str) -> bool:
    """Whether it is one, or what is left beside the references in it means nothing."""
    if "\n" in value or len(value) > _LONGEST_REFERENCE:
        return bool(_REFERENCE.match(value)) and "\n" not in value
    rest = _FILLED_IN.sub("", value)
    if rest != value:
        if default_in(value):
            return False
        return not any(char.isalnum() for char in rest.replace("Bearer", "").replace("Basic", ""))
    return bool(_REFERENCE.match(value))


def default_in(value: str) -> str:
    """The text that a reference stands for when nothing fills it in, if a generator or a person
    made it up; else nothing."""
    match = _DEFAULT.search(value)
    text = match[1] if match is not None else ""
    made = looks_random(text) or looks_made_up(text)
    return text if made and classify(text) is Kind.SECRET else ""


def _is_plain(value: str) -> bool:
    if len(value) < _SHORTEST or (value.count(" ") >= _SENTENCE and "\n" not in value):
        return True
    return len(value) <= _LONGEST_REFERENCE and any(pattern.match(value) for pattern in _PLAIN)
