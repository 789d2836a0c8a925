"""Sites in the files of a Helm chart: the versions of the charts that it depends on.

Fields: the Chart.yaml file of Helm; `requirements.yaml` is what charts of API version v1 have.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.documents.values import Value
from gitops_ci.repo.deployers import mapping, sequence, text
from gitops_ci.repo.names import CHART
from gitops_ci.repo.paths import name
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.sites.pins import chart_site
from gitops_ci.repo.sites.text import Scope, one

_FILES = (CHART, "requirements.yaml")
_OWN = "file://"


def dependency_sites(scope: Scope, value: Value) -> Iterator[Site]:
    """The sites of the dependencies; a chart that lies beside this one has no version to move."""
    if name(scope.text.path) not in _FILES:
        return
    for index, item in enumerate(sequence(mapping(value).get("dependencies"))):
        chart = mapping(item)
        source = text(chart.get("repository"))
        if text(chart.get("name")) and "version" in chart and not source.startswith(_OWN):
            yield from one(
                chart_site(
                    scope,
                    "chart-dependency",
                    ("dependencies", index, "version"),
                    chart["version"],
                    text(chart.get("name")),
                    source,
                )
            )
