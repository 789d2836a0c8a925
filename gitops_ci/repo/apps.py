"""Which app a directory belongs to, by its names alone."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_ci.repo import environment_names as names

_GENERIC = frozenset(
    {"app", "apps", "applications", "projects", "services", "manifests"}
    | {"deploy", "deployment", "deployments"}
    | {
        "kustomize",
        "kubernetes",
        "k8s",
        "kube",
        "charts",
        "chart",
        "helm",
        "src",
        "config",
        "gitops",
    }
    | names.CONTAINERS
    | names.NEUTRAL
)


def is_generic(segment: str) -> bool:
    """Whether the name is one that every repository has, and says nothing of an app."""
    return segment.lower() in _GENERIC


def app_of_path(path: str, environments: Iterable[str] = ()) -> str:
    """The innermost segment that is neither an environment nor a name that every repository has;
    of a path with only such names the last one that is no environment, or empty."""
    known = {name.lower() for name in environments}
    segments = [
        segment
        for index, segment in enumerate(path.split("/"))
        if segment
        and segment.lower() not in known
        and not names.is_strong(segment)
        and not (index and path.split("/")[index - 1].lower() in names.CONTAINERS)
    ]
    telling = [segment for segment in segments if segment.lower() not in _GENERIC]
    places = [segment for segment in segments if segment.lower() not in names.CONTAINERS]
    return next(reversed(telling or places or segments), "")
