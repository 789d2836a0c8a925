"""A remote base is taken at a fixed revision."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.regex import regex
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops.argocd import is_unknown
from gitops_ci.policy.sources import KustomizationFile
from gitops_ci.policy.supply_chain import KUSTOMIZE
from gitops_ci.policy.supply_chain.revisions import floats, is_range
from gitops_ci.render.fetched.addresses import shown
from gitops_ci.render.routes import items, text
from gitops_ci.repo.references import looks_remote

RULE = Rule(
    "supply-chain/unpinned-base",
    "A remote base or chart of a kustomization that is not pinned",
    Severity.WARNING,
    "The same commit builds something else tomorrow, and whoever may push there decides what. An"
    " error in protected environments.",
    f"{KUSTOMIZE}/resource/",
)

_REVISION = regex(r"[?&](?:ref|version)=([^&]*)")
_FILE = regex(r"https?://[^?]+\.(?:ya?ml|json)\Z")
_RELEASED = regex(r"/(?:v?\d+[.\d]*[^/]*|[0-9a-f]{7,64})/")


def check(file: KustomizationFile) -> Iterator[Fault]:
    """A fault for each remote resource, base and component without a fixed revision, and for each
    chart from a repository without an exact version."""
    severity = Severity.ERROR if file.protected else Severity.WARNING
    for field in ("resources", "bases", "components"):
        for index, entry in enumerate(items(file.value, field)):
            if isinstance(entry, str) and looks_remote(entry) and _moves(entry):
                message = f"'{shown(entry)}' is another one when somebody pushes there"
                hint = "add ?ref= with a tag or commit"
                yield Fault(RULE, (field, index), message, hint, severity)
    for index, chart in enumerate(items(file.value, "helmCharts")):
        version = text(chart, "version")
        if text(chart, "repo") and is_range(version) and not is_unknown(version):
            message = f"the chart {text(chart, 'name')} is taken in any version {version}".rstrip()
            route = ("helmCharts", index, "version")
            yield Fault(RULE, route, message, "name one version", severity)


def _moves(entry: str) -> bool:
    """Whether the address names no revision, or a branch. Of a single file the version is part of
    the path."""
    if is_unknown(entry):
        return False
    if _FILE.match(entry):
        return not _RELEASED.search(entry)
    found = _REVISION.search(entry)
    return found is None or floats(found[1])
