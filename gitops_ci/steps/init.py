"""`init`: a configuration inferred from the repository; nothing that exists is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.snapshot import Snapshot
    from gitops_ci.steps.world import World

PATH = ".gitops-ci.yaml"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `init`."""

    print: bool = option(False, "print the configuration instead of writing it", action=False)


def run(inputs: Inputs, world: World) -> int:
    """0 when the configuration is written or was there already; says what was inferred."""
    from gitops_ci.config.load import DEFAULT_PATHS
    from gitops_ci.config.model import Config
    from gitops_ci.output.files import write_atomic
    from gitops_ci.steps.snapshot import take_snapshot

    existing = next((path for path in DEFAULT_PATHS if world.tree.entry(path)), None)
    snapshot = take_snapshot(world.tree, Config(), world.git.remote_url() if world.git else "")
    text = _config(snapshot)
    if inputs.print:
        world.sink.result(text)
        return exits.OK
    if not snapshot.plan.roots:
        hint = "is this the right directory? choose another one with -C DIR"
        world.sink.result(f"nothing to check was found here: {hint}")
        return exits.OK
    lines = _explained(snapshot)
    if existing:
        world.sink.result("\n".join([*lines, "", f"{existing} is there already: left as it is"]))
        return exits.OK
    write_atomic(world.root / PATH, text.encode("utf-8", "backslashreplace"), within=world.root)
    after = [f"wrote {PATH}", "next: gitops-ci check"]
    world.sink.result("\n".join([*lines, "", *after]))
    return exits.OK


def _explained(snapshot: Snapshot) -> list[str]:
    infos = snapshot.environments.infos
    lines = [f"{len(snapshot.plan.roots)} roots to begin with"]
    lines += [f"  {root.name}: {root.why}" for root in snapshot.plan.roots[:20]]
    if len(snapshot.plan.roots) > 20:
        lines.append(f"  … and {len(snapshot.plan.roots) - 20} more")
    lines.append("environments, in order of promotion:" if infos else "no environments found")
    return [*lines, *(f"  {info.name}: {info.why}" for info in infos)]


def _config(snapshot: Snapshot) -> str:
    """The configuration as text: what was inferred, with the reason beside it."""
    from gitops_ci.documents.quoting import written

    lines = ["# What gitops-ci inferred. Correct it where it is wrong.", "version: 1"]
    infos = snapshot.environments.infos
    if infos:
        lines += ["", "# The order in which versions move. Check it before promoting.",
                  "environments:"]  # fmt: skip
    before = ""
    for info in infos:
        parts = [f"from: [{written(before, flow=True)}]"] if before else []
        parts += ["protected: true"] if info.protected else []
        lines.append(f"  {written(info.name)}: {{{', '.join(parts)}}}  # {_one_line(info.why)}")
        before = info.name
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split()).encode("ascii", "backslashreplace").decode()
