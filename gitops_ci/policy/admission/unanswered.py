"""Libraries of Kyverno that look something up: they compile in its engine and nowhere else."""

from __future__ import annotations

from gitops_ci.cel.engine import Problem
from gitops_ci.model.regex import regex

KYVERNO_LIBRARY = (
    "resource",
    "http",
    "globalContext",
    "globalcontext",
    "image",
    "imageData",
    "images",
    "isImage",
    "parseImageReference",
    "user",
    "parseServiceAccount",
    "exceptions",
    "generator",
    "json",
    "yaml",
    "time",
    "hash",
    "random",
    "x509",
    "listObjectsWith",
    "attestations",
    "sha1",
    "sha256",
    "md5",
    "now",
    "toUnix",
    "truncate",
)
"""Names of https://kyverno.io/docs/policy-types/cel-libraries/ that are not of Kubernetes."""
_UNDECLARED = regex(r"undeclared reference to '([^']+)'")


def asks_the_cluster(problems: tuple[Problem, ...], library: tuple[str, ...]) -> str:
    """Why an expression cannot be evaluated here, if it uses one of these libraries; empty
    otherwise. What else the checker complains about may only follow from that."""
    for problem in problems:
        match = _UNDECLARED.search(problem.message)
        name = match[1].partition(".")[0] if match else ""
        if name in library:
            return f"it uses Kyverno's own library `{name}`"
    return ""
