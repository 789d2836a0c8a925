"""What the evaluator has itself, declared anew: the checker takes one declaration of a name only,
and Kubernetes adds overloads to some of these.

https://kubernetes.io/docs/reference/using-api/cel/#cel-options-language-features-and-libraries
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from gitops_ci.cel.function import Function, method, plain

_NUMBERS = ("int", "uint", "double")
_TYPES = (
    ("bool", "bool"),
    ("int", "int64"),
    ("uint", "uint64"),
    ("double", "double"),
    ("string", "string"),
    ("bytes", "bytes"),
    ("timestamp", "timestamp"),
    ("duration", "duration"),
)
_WORDS = dict(_TYPES)
_COMPARISONS = (
    ("_<_", "less"),
    ("_<=_", "less_equals"),
    ("_>_", "greater"),
    ("_>=_", "greater_equals"),
)
REDECLARED = ("string", *(name for name, _ in _COMPARISONS))
"""The functions of the standard library whose declaration is replaced by the one here."""


def _comparisons() -> Iterator[Function]:
    """Numbers of different types are compared as well."""
    for name, word in _COMPARISONS:
        for kind, label in _TYPES:
            yield replace(plain(name, f"{kind} {kind}", "bool"), id=f"{word}_{label}")
        for left in _NUMBERS:
            for right in _NUMBERS:
                if left != right:
                    label = f"{word}_{_WORDS[left]}_{_WORDS[right]}"
                    yield replace(plain(name, f"{left} {right}", "bool"), id=label)


_STRINGS = (
    method("string", "charAt", "int", "string"),
    method("string", "indexOf", "string", "int"),
    method("string", "indexOf", "string int", "int"),
    method("list<string>", "join", "", "string"),
    method("list<string>", "join", "string", "string"),
    method("string", "lastIndexOf", "string", "int"),
    method("string", "lastIndexOf", "string int", "int"),
    method("string", "lowerAscii", "", "string"),
    method("string", "replace", "string string", "string"),
    method("string", "replace", "string string int", "string"),
    method("string", "split", "string", "list<string>"),
    method("string", "split", "string int", "list<string>"),
    method("string", "substring", "int", "string"),
    method("string", "substring", "int int", "string"),
    method("string", "trim", "", "string"),
    method("string", "upperAscii", "", "string"),
    method("string", "format", "list<dyn>", "string"),
    plain("strings.quote", "string", "string"),
)
_CHECK = "kubernetes.authorization.ResourceCheck"
_ASKED = "kubernetes.authorization.Authorizer"
_PATH = "kubernetes.authorization.PathCheck"
_GROUP = "kubernetes.authorization.GroupCheck"
_DECISION = "kubernetes.authorization.Decision"
_AUTHORIZER = (
    method(_ASKED, "path", "string", _PATH),
    method(_ASKED, "group", "string", _GROUP),
    method(_ASKED, "serviceAccount", "string string", _ASKED),
    method(_GROUP, "resource", "string", _CHECK),
    method(_CHECK, "subresource", "string", _CHECK),
    method(_CHECK, "namespace", "string", _CHECK),
    method(_CHECK, "name", "string", _CHECK),
    method(_CHECK, "fieldSelector", "string", _CHECK),
    method(_CHECK, "labelSelector", "string", _CHECK),
    method(_CHECK, "check", "string", _DECISION),
    method(_PATH, "check", "string", _DECISION),
    method(_DECISION, "allowed", "", "bool"),
    method(_DECISION, "errored", "", "bool"),
    method(_DECISION, "error", "", "string"),
    method(_DECISION, "reason", "", "string"),
)
AUTHORIZER = _ASKED
"""The type of `authorizer`: declared so that a policy compiles, never there when it runs."""
RESOURCE_CHECK = _CHECK
"""The type of `authorizer.requestResource`."""

FUNCTIONS = (
    *(
        replace(plain("string", kind, "string"), id=f"{_WORDS[kind]}_to_string")
        for kind, _ in _TYPES
    ),
    *_comparisons(),
    *_STRINGS,
    *_AUTHORIZER,
)
