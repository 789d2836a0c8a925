"""Where the baseline of each root lies."""

from __future__ import annotations

import re

from gitops_ci.model.regex import regex

FOLDER = ".gitops-ci/baseline"
NO_ROOT = "_repository"
"""The file for findings that no root shows."""
TOP_ROOT = "_root"

_PLAIN = regex(r"[A-Za-z0-9_.~+@,= -]\Z")
_LONGEST = 200


def path_of(root: str) -> str:
    """The baseline file of a root; every root has its own, whatever characters it holds."""
    if not root:
        return f"{FOLDER}/{NO_ROOT}.json"
    if root == ".":
        return f"{FOLDER}/{TOP_ROOT}.json"
    *folders, last = [_safe(segment) for segment in root.split("/")]
    folders = [re.sub(r"\.json\Z", "%2Ejson", folder) for folder in folders]
    return "/".join((FOLDER, *folders, f"{last}.json"))


def _safe(name: str) -> str:
    """A file name that every system takes, another one for every `name`."""
    quoted = "".join(sign if _PLAIN.match(sign) else _escaped(sign) for sign in name)
    if len(quoted) > _LONGEST:
        import hashlib

        digest = hashlib.blake2b(quoted.encode(), digest_size=16).hexdigest()
        return f"{quoted[: _LONGEST - 34]}%~{digest}"
    if not quoted.strip("."):
        return quoted.replace(".", "%2E") or "%2F"
    return quoted.replace("_", "%5F", 1) if quoted.startswith("_") else quoted


def _escaped(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))
