"""Files that rules read as they are written, before anything is rendered."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.model.finding import Finding, found
from gitops_ci.policy.fault import Fault


class KustomizationFile(Struct, frozen=True):
    """A kustomization or Component. `protected` says that it belongs to an environment in which
    mistakes weigh more."""

    source: SourceFile
    value: dict[str, Any]
    environment: str = ""
    protected: bool = False


def finding_in(fault: Fault, file: KustomizationFile) -> Finding:
    """The finding for a fault of a file, at its route in the first document."""
    place = locate(file.source, 0, fault.route, "key" if fault.key else "value")
    return found(
        fault.rule,
        fault.message,
        place.location,
        severity=fault.severity,
        environment=file.environment,
        hint=fault.hint,
    )
