"""The kustomization that Flux generates for a directory without one.

Rules: the generator in fluxcd/pkg/kustomize. Directories with a kustomization of their own are
taken as such; every other YAML file below must be a manifest."""

from __future__ import annotations

from gitops_ci.render.plain import files_in
from gitops_ci.render.routes import text
from gitops_ci.repo.files import Files
from gitops_ci.repo.names import KUSTOMIZATION_NAMES
from gitops_ci.repo.paths import name, parent, parents, within
from gitops_ci.repo.tree import UnreadableError

_IGNORED = (
    ".github/",
    ".circleci/",
    ".git/",
    ".travis.yml",
    ".gitlab-ci.yml",
    "appveyor.yml",
    ".drone.yml",
    "cloudbuild.yaml",
    "codeship-services.yml",
    "codeship-steps.yml",
)
"""What source-controller leaves out of an artifact by default, as far as it can be YAML."""
_IGNORED_NAMES = frozenset((".goreleaser.yml", ".sops.yaml", ".flux.yaml"))


def generated_resources(files: Files, directory: str) -> tuple[str, ...]:
    """The `resources` of the kustomization that Flux makes for `directory`, relative to it."""
    tree = files.tree
    paths = [
        path
        for path in files_in(tree, directory, recurse=True, endings=(".yaml", ".yml"))
        if not path.startswith(_IGNORED) and name(path) not in _IGNORED_NAMES
    ]
    kustomized = {
        parent(entry.path)
        for entry in tree.entries()
        if name(entry.path) in KUSTOMIZATION_NAMES and within(entry.path, directory)
    }
    found: list[str] = []
    for path in paths:
        own = [up for up in parents(path) if within(up, directory) and up in kustomized]
        entry = own[-1] if own else path
        if entry not in found and (own or _holds_manifest(files, path)):
            found.append(entry)
    prefix = len(directory) + 1 if directory else 0
    return tuple(path[prefix:] for path in found)


def _holds_manifest(files: Files, path: str) -> bool:
    """Whether some document of the file is an object; broken files are kept, so that the build
    stops at them as it does for the controller."""
    try:
        source = files.source(path)
    except UnreadableError:
        return False
    return source.broken or any(bool(text(document.value, "kind")) for document in source.documents)
