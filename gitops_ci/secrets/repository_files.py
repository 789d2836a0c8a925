"""What the repository says about whole files: which ones are encrypted, and by what."""

from __future__ import annotations

import re

from gitops_ci.config.globs import PatternError, matches
from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location
from gitops_ci.repo.names import is_kustomization
from gitops_ci.repo.paths import name, parent
from gitops_ci.repo.tree import EntryKind, Tree, UnreadableError, named
from gitops_ci.secrets import rules
from gitops_ci.secrets.sops.check import HINTS, leaves
from gitops_ci.secrets.sops.creation_rules import CreationRule

ATTRIBUTES = ".gitattributes"
_GIT_CRYPT = regex(r"(?<!\S)filter=(?P<filter>git-crypt(?:-[\w-]+)?)(?!\S)")
_MEANT = regex(r"\bsops\b|\benc\b|secret|encrypted", re.IGNORECASE)


class CryptedPaths:
    """The globs of files that git-crypt encrypts, from every `.gitattributes`."""

    def __init__(self, tree: Tree) -> None:
        self._globs: list[tuple[str, str, bool]] = []
        for entry in named(tree, ATTRIBUTES):
            if entry.kind is EntryKind.FILE:
                self._read(tree, entry.path)

    def covers(self, path: str) -> bool:
        """Whether git-crypt encrypts the file; of several lines the last one decides."""
        covered = False
        for directory, glob, encrypts in self._globs:
            inside = not directory or path.startswith(f"{directory}/")
            relative = path[len(directory) + 1 :] if directory else path
            if inside and _matches(glob, relative):
                covered = encrypts
        return covered

    def _read(self, tree: Tree, path: str) -> None:
        try:
            text = tree.read(path).decode("utf-8", "replace")
        except UnreadableError:
            return
        for line in text.splitlines():
            words = line.split()
            if len(words) > 1 and not words[0].startswith("#"):
                encrypts = bool(_GIT_CRYPT.search(line))
                if encrypts or "filter" in line:
                    self._globs.append((parent(path), words[0], encrypts))


def _matches(glob: str, path: str) -> bool:
    try:
        return matches(glob, path)
    except PatternError:
        return False


def not_crypted(path: str) -> Finding:
    """The finding about a file in plain text that git-crypt ought to have encrypted."""
    message = f"{ATTRIBUTES} says that git-crypt encrypts this file, and it stands in plain text"
    hint = "replace what is in it, then encrypt it with `git-crypt status -f`"
    return found(rules.UNENCRYPTED_FILE, message, Location(path), hint=hint, key="git-crypt")


def not_encrypted(path: str, *, sealed: bool = False) -> Finding:
    """The finding about a file that `.sops.yaml` says is encrypted, or that is so elsewhere."""
    says_so = "SOPS encrypts this file" if sealed else "a rule of .sops.yaml covers this file"
    message = f"{says_so}, and nothing in it is encrypted"
    rule = rules.SOPS_NOT_ENCRYPTED
    return found(rule, message, Location(path), hint=HINTS[rule], key="sops")


def invalid_rules(place: Location, message: str) -> Finding:
    """The finding about a `.sops.yaml` that SOPS cannot use."""
    return found(rules.SOPS_RULES, message, place, hint=HINTS[rules.SOPS_RULES], key="rules")


def is_meant(path: str, rule: CreationRule) -> bool:
    """Whether the name says as well that the file is encrypted, or the rule names the file: rules
    are often wider than what they are meant for."""
    told = name(path) in rule.path_regex.replace("\\", "")
    return (told or bool(_MEANT.search(path))) and not is_kustomization(path)


def leaves_to_encrypt(source: SourceFile, rule: CreationRule) -> bool:
    """Whether a file holds values that its rule is about; of objects only a Secret does."""
    if rule.selection.by_comment:
        return False
    for document in source.documents:
        kind = document.value.get("kind") if isinstance(document.value, dict) else None
        if kind in (None, "Secret") and any(
            value not in (None, "")
            and rule.selection.covers(s for s in route if isinstance(s, str))
            for route, value in leaves(document.value, ())
        ):
            return True
    return False
