"""A project permits what its applications do."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops import ARGOCD
from gitops_ci.policy.gitops.argocd import (
    APPLICATIONS,
    PROJECTS,
    is_unknown,
    permits,
    project_called,
    spec_of,
    texts,
)
from gitops_ci.policy.subject import Subject
from gitops_ci.render.fetched.addresses import shown
from gitops_ci.render.routes import items, mapping, text

RULE = Rule(
    "gitops/project-refuses",
    "An Argo CD Application that its project does not permit",
    Severity.ERROR,
    "Argo CD refuses to sync it: the source or the destination is not one of the project's.",
    f"{ARGOCD}/user-guide/projects/#managing-projects",
)


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each source and destination that the project, where it lies in the repository,
    does not permit."""
    projects = list(estate.every(PROJECTS))
    for subject in estate.every(APPLICATIONS) if estate.sees_all(PROJECTS) else ():
        spec = spec_of(subject)
        project = project_called(spec.project, projects) if spec.project else None
        if project is None:
            continue
        allowed = texts(project.value, "spec", "sourceRepos")
        for route, source in spec.sources():
            url = text(source, "repoURL")
            known = url and not is_unknown(url) and not any(map(is_unknown, allowed))
            if known and not permits([_plain(item) for item in allowed], _plain(url), "/"):
                message = f"the project {spec.project} does not permit the source {shown(url)}"
                yield subject, Fault(RULE, (*route, "repoURL"), message)
        where = mapping(spec.value, "destination")
        if where and not _goes(project, where):
            place = text(where, "name") or text(where, "server")
            namespace = text(where, "namespace")
            message = f"the project {spec.project} does not permit {namespace} of {place}"
            yield subject, Fault(RULE, (*spec.route, "destination"), message, key=True)


def _plain(url: str) -> str:
    """The address without what Argo CD overlooks when it compares."""
    return url.strip().lower().removesuffix("/").removesuffix(".git")


def _goes(project: Subject, where: dict[str, object]) -> bool:
    """Whether the project permits the destination; one that is not fully known counts as such."""
    parts = {name: text(where, name) for name in ("server", "name", "namespace")}
    place = "name" if parts["name"] else "server"
    if any(map(is_unknown, parts.values())) or not parts[place] or not parts["namespace"]:
        return True
    allowed = [
        {name: text(entry, name) for name in parts}
        for entry in items(project.value, "spec", "destinations")
    ]
    if any(is_unknown(value) for entry in allowed for value in entry.values()):
        return True
    # a cluster may be called by its name in one place and by its address in the other
    if not any(entry[place] for entry in allowed):
        allowed = [{**entry, place: "*"} for entry in allowed]
    refused = [entry for entry in allowed if entry["namespace"].startswith("!")]
    return any(_fits(entry, parts, place) for entry in allowed if entry not in refused) and not any(
        permits([entry["namespace"][1:]], parts["namespace"]) for entry in refused
    )


def _fits(entry: dict[str, str], parts: dict[str, str], place: str) -> bool:
    return permits([entry[place]], parts[place]) and permits(
        [entry["namespace"]], parts["namespace"]
    )
