from __future__ import annotations

from gitops_ci.documents.rules import SYNTAX
from gitops_ci.model.finding import Related, found
from gitops_ci.model.span import Location, Span
from gitops_ci.report.words import related_places

SPAN = Span(0, 1, 3, 1, 3, 2)


def test_places_are_gathered_by_what_they_say() -> None:
    related = (
        Related(Location("a.yaml", SPAN), "first defined here"),
        Related(Location("apps.yaml"), "also rendered by apps.yaml#Application/argocd/one"),
        Related(Location("apps.yaml"), "also rendered by apps.yaml#Application/argocd/two"),
        Related(Location("prod/kustomization.yaml"), "also rendered here"),
    )
    finding = found(SYNTAX, "broken", Location("a.yaml"), related=related)
    assert list(related_places(finding, 3)) == [
        ("first defined here", ["a.yaml:3"], 0),
        (
            "also rendered by",
            ["apps.yaml#Application/argocd/one", "apps.yaml#Application/argocd/two"],
            0,
        ),
        ("also rendered here", ["prod/kustomization.yaml"], 0),
    ]
