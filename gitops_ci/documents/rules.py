"""What can be wrong with a file before anybody asks what it means."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

SYNTAX = Rule(
    "yaml/syntax",
    "The file is not valid YAML or JSON",
    Severity.ERROR,
    "No controller can read the file, so nothing in it is applied.",
    "https://yaml.org/spec/1.2.2/",
)
ENCODING = Rule(
    "yaml/encoding",
    "The file is neither UTF-8 nor UTF-16 text",
    Severity.ERROR,
    "The Kubernetes decoders accept UTF-8; other bytes are refused or read as something else.",
)
DUPLICATE_KEY = Rule(
    "yaml/duplicate-key",
    "A mapping has the same key twice",
    Severity.ERROR,
    "Strict decoders refuse the object and lenient ones drop one of the two values silently.",
)
ALIAS_BOMB = Rule(
    "yaml/alias-bomb",
    "Aliases unfold into far more data than the file holds",
    Severity.ERROR,
    "The API server and the controllers refuse such documents to protect their memory.",
)
TOO_DEEP = Rule(
    "yaml/too-deep",
    "Values are nested too deeply",
    Severity.ERROR,
    "Decoders give up on such nesting; it is never written by hand.",
)
NOT_AN_OBJECT = Rule(
    "yaml/not-an-object",
    "Something among manifests that is no mapping",
    Severity.ERROR,
    "kubectl and the controllers expect an object in each document and each item of a List, and "
    "refuse the whole file.",
)
AMBIGUOUS = Rule(
    "yaml/ambiguous-scalar",
    "An unquoted value that YAML readers understand differently",
    Severity.NOTE,
    "kubectl, kustomize and Helm follow different YAML versions: what one reads as a string is a "
    "boolean, a number or a date for another. Quotes remove the doubt.",
)

RULES = (SYNTAX, ENCODING, DUPLICATE_KEY, ALIAS_BOMB, TOO_DEEP, NOT_AN_OBJECT, AMBIGUOUS)
