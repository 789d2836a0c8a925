"""Which files are worth a look: those with a word that some site cannot do without."""

from __future__ import annotations

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.heads import heads_of
from gitops_ci.repo.names import CHART, is_json
from gitops_ci.repo.paths import name
from gitops_ci.repo.sites.markers import MARKS
from gitops_ci.repo.sites.objects import SILENT_KINDS

_SIGNS = (
    b"image",
    b"repository",
    b"fluxcd.io",
    b"argoproj.io",
    b"chart",
    b"renovate:",
    b"gitops-ci:",
    b"ref=",
    b"version=",
    b"releases/download/",
    b"/spec/",  # a JSON patch
    b"img",
    b"pullpolicy",
    b"pullsecrets",
    b"reloader",
    b"bundle",
    b"package",
    b"registry",
    b"\\u",  # a word may be written with escapes, or in two bytes for each character
    b"\\x",
    b"\x00",
)
"""Keys, groups and words, in small letters: for each kind of site one that its file must hold."""
_ALWAYS = (CHART, "requirements.yaml")


def may_hold_sites(source: SourceFile) -> bool:
    """Whether the file may have sites that nobody declared. Only files that are certain to have
    none are told apart: looking through the values of a large repository takes longer than its
    bytes."""
    path = source.path
    if is_json(path) or name(path) in _ALWAYS or name(path).startswith(".argocd-source"):
        return True
    if all(head is not None and head.kind in SILENT_KINDS for head in heads_of(source.data)):
        return any(mark in source.data for mark in MARKS)
    data = source.data.lower()
    return any(sign in data for sign in _SIGNS)
