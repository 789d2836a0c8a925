"""`schemas show`: the fields of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.model.errors import UsageError
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `schemas show`."""

    kind: str = option("", "a kind: Deployment, apps/v1/Deployment", positional=True, action=False)
    field: str = option("", "only below this field, such as spec.template.spec", metavar="PATH",
                        action=False)  # fmt: skip
    k8s: str = option("", "the Kubernetes version; the newest by default", metavar="VERSION",
                      action=False)  # fmt: skip


def run(inputs: Inputs, world: World) -> int:
    """0 when the kind is known; its fields go to stdout. Raises UsageError when it is not."""
    from gitops_ci.config.load import load_config
    from gitops_ci.repo.files import Files
    from gitops_ci.schemas.listing import list_kinds, show_kind
    from gitops_ci.schemas.near import nearest
    from gitops_ci.schemas.pack import load
    from gitops_ci.steps.custom_kinds import custom_kinds
    from gitops_ci.steps.reading import config_reader
    from gitops_ci.steps.versions import require_known
    from gitops_ci.validate.catalogue import Catalogue

    pack = load()
    version = inputs.k8s or pack.versions[-1]
    require_known((version,))
    known = custom_kinds(
        Files(world.tree), load_config(config_reader(world.tree, world), world.config_file)
    )
    group_version, _, kind = inputs.kind.rpartition("/")
    rows = [
        row.gvk
        for row in list_kinds(pack, known, (version,))
        if row.gvk.kind == kind and group_version in ("", row.gvk.api_version)
    ]
    if not rows:
        names = {row.gvk.kind for row in list_kinds(pack, known, (version,))}
        close = nearest(kind, names)
        hint = f"did you mean {close}?" if close else "`gitops-ci schemas list` shows all kinds"
        raise UsageError(f"no structure of {inputs.kind or 'a kind'} is known", hint)
    if len(rows) > 1:
        choices = ", ".join(f"{row.api_version}/{row.kind}" for row in rows)
        raise UsageError(f"there are several kinds called {kind}", f"say which: {choices}")
    schema = Catalogue(pack, (version,), known).schema(rows[0])
    try:
        text = show_kind(schema or {}, inputs.field)
    except KeyError:
        raise UsageError(f"{rows[0].kind} has no field {inputs.field}") from None
    world.sink.result(f"{rows[0].api_version} {rows[0].kind}\n{text}")
    return exits.OK
