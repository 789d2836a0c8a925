"""`schemas add`: make kinds known whose definition does not lie in the repository."""

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
    """What the user may say to `schemas add`."""

    file: tuple[str, ...] = option(
        (),
        "files with CustomResourceDefinitions or JSON Schemas; `-` reads stdin",
        positional=True,
        action=False,
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when the files are written below .gitops-ci/schemas; their paths go to stdout."""
    from gitops_ci.documents.read import read
    from gitops_ci.output.files import write_atomic
    from gitops_ci.schemas.listing import NotASchemaError, add_schemas
    from gitops_ci.schemas.pack import load
    from gitops_ci.steps.custom_kinds import FOLDER

    if not inputs.file:
        raise UsageError("no file given", "gitops-ci schemas add crds.yaml")
    pack = load()
    written = []
    for name in inputs.file:
        try:
            data = world.stdin() if name == "-" else (world.root / name).read_bytes()
        except OSError as error:
            raise UsageError(f"{name} cannot be read: {error.strerror}") from error
        source = read(name, data)
        if source.problems:
            problem = source.problems[0]
            raise UsageError(f"{name}:{problem.location.line}: {problem.message}", problem.hint)
        values = [document.value for document in source.documents]
        try:
            files = add_schemas(values, FOLDER, pack.builtins(pack.versions[-1]))
        except NotASchemaError as error:
            raise UsageError(f"{name}: {error}") from error
        for file in files:
            write_atomic(world.root / file.path, file.data, within=world.root)
            written.append(file.path)
    world.sink.result("\n".join(written))
    return exits.OK
