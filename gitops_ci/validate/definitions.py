"""CustomResourceDefinitions that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.schemas.crd import CustomKind, read_crd
from gitops_ci.schemas.pack import Builtins
from gitops_ci.schemas.structural import BrokenSchemaError, Structural
from gitops_ci.schemas.validator import UncompilableError, Validator
from gitops_ci.validate import rules
from gitops_ci.validate.fault import Fault


def definition_faults(value: dict[str, Any], builtins: Builtins) -> Iterator[Fault]:
    """What the API server would refuse in a definition beside what its own schema says."""
    content = read_crd(value)
    for fault in content.faults:
        yield Fault(rules.BROKEN_CRD, fault.route, fault.message)
    for kind in content.kinds:
        yield from _schema_faults(kind, builtins)


def _schema_faults(kind: CustomKind, builtins: Builtins) -> Iterator[Fault]:
    if kind.schema is None:
        return
    try:
        Validator(Structural(builtins, prune=kind.prune).schema(kind.schema))
    except BrokenSchemaError as error:
        route = (*kind.route, *error.route)
        yield Fault(rules.BROKEN_CRD, route, f"the schema of {kind.gvk}: {error.message}")
    except UncompilableError as error:
        message = f"the schema of {kind.gvk} cannot be used: {error}"
        yield Fault(rules.BROKEN_CRD, kind.route, message)
