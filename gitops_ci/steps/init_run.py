"""The work of `init`: infer, explain, write what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gitops_ci.config.layout import fill
from gitops_ci.config.load import DEFAULT_PATHS
from gitops_ci.config.model import Config
from gitops_ci.documents.quoting import written
from gitops_ci.model import exits
from gitops_ci.output.files import write_atomic
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.layout_guess import GuessedLayout, environment_branches, guess_layouts
from gitops_ci.repo.paths import parent
from gitops_ci.steps.init import Inputs
from gitops_ci.steps.init_files import (
    TEMPLATE,
    TEMPLATE_PATHS,
    ci_file,
    owner_lines,
    renovate_rule,
)
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.world import World

PATH = ".gitops-ci.yaml"
_MOST_ROOTS = 20
_MOST_APPS = 4


class _Inferred(Struct, frozen=True):
    """What the repository tells. `branches` are environments on branches of their own."""

    snapshot: Snapshot
    layouts: tuple[GuessedLayout, ...]
    branches: dict[str, str]
    system: str
    main: str


def init(inputs: Inputs, world: World) -> int:
    """Always 0; what was inferred, written and left to do goes to stdout."""
    inferred = _infer(inputs, world)
    if inputs.print:
        world.sink.result(_config(inferred))
        return exits.OK
    if not inferred.snapshot.plan.roots and not inferred.branches:
        hint = "is this the right directory? choose another one with -C DIR"
        world.sink.result(f"nothing to check was found here: {hint}")
        return exits.OK
    lines = [*_explained(inferred), "", *_write(inferred, world), *_suggestions(inferred, world)]
    world.sink.result("\n".join([*lines, "", "next: gitops-ci check, then gitops-ci doctor"]))
    return exits.OK


def _infer(inputs: Inputs, world: World) -> _Inferred:
    snapshot = take_snapshot(world.tree, Config(), world.git.remote_url() if world.git else "")
    inventory = snapshot.inventory
    manifests = inventory.of(FileKind.KUSTOMIZATION, FileKind.MANIFEST)
    places = {*map(parent, manifests), *manifests, *inventory.of(FileKind.VALUES)}
    layouts = guess_layouts(sorted(places), snapshot.environments)
    branches: dict[str, str] = {}
    main = ""
    if world.git is not None:
        if not snapshot.environments.infos:
            branches = environment_branches(world.git.branches())
        main = (world.git.default_branch() or "").removeprefix("origin/")
    system = inputs.ci if inputs.ci != "auto" else _system(world)
    return _Inferred(snapshot, layouts, branches, system, main or "main")


def _system(world: World) -> str:
    """The CI system that the files or the remote speak of."""
    if world.tree.entry(".gitlab-ci.yml") is not None:
        return "gitlab"
    url = world.git.remote_url() if world.git else ""
    return "gitlab" if "gitlab" in url and world.tree.entry(".github") is None else "github"


def _explained(inferred: _Inferred) -> Iterator[str]:
    roots, infos = inferred.snapshot.plan.roots, inferred.snapshot.environments.infos
    yield f"{len(roots)} roots to begin with"
    for root in roots[:_MOST_ROOTS]:
        where = f" ({root.environment})" if root.environment else ""
        yield f"  {root.name}{where}: {root.why}"
    if len(roots) > _MOST_ROOTS:
        yield f"  … and {len(roots) - _MOST_ROOTS} more"
    if infos:
        yield "environments, in order of promotion:"
        yield from (f"  {info.name}: {info.why}" for info in infos)
    elif inferred.branches:
        yield "environments, each on a branch of its own:"
        yield from (f"  {name}: branch {branch}" for name, branch in inferred.branches.items())
    else:
        yield "no environments found"
    if inferred.layouts:
        yield "layouts:"
        yield from (f"  {one.text}: {_example(one)}" for one in inferred.layouts)


def _example(guessed: GuessedLayout) -> str:
    apps = guessed.apps[:_MOST_APPS]
    more = f" and {len(guessed.apps) - len(apps)} more" if len(guessed.apps) > len(apps) else ""
    of = f" of {', '.join(apps)}{more}" if apps else ""
    return f"{', '.join(guessed.environments)}{of}, such as {guessed.example}"


def _config(inferred: _Inferred) -> str:
    """The configuration as text: what was inferred, with the reason beside it."""
    lines = ["# What gitops-ci inferred. Correct it where it is wrong.", "version: 1"]
    if inferred.layouts:
        lines += ["", "# Where apps and environments lie.", "layouts:"]
        lines += [f"  - {written(one.text)}  # {_one_line(_example(one))}" for one in
                  inferred.layouts]  # fmt: skip
    named = [(info.name, info.protected, info.why, "")
             for info in inferred.snapshot.environments.infos]  # fmt: skip
    named = named or [
        (name, False, f"the branch {branch}", branch) for name, branch in inferred.branches.items()
    ]
    if named:
        lines += ["", "# The order in which versions move. Check it before promoting.",
                  "environments:"]  # fmt: skip
    before = ""
    for name, protected, why, branch in named:
        parts = [f"from: [{written(before, flow=True)}]"] if before else []
        parts += [f"branch: {written(branch, flow=True)}"] if branch else []
        parts += ["protected: true"] if protected else []
        lines.append(f"  {written(name)}: {{{', '.join(parts)}}}  # {_one_line(why)}")
        before = name
    return "\n".join(lines) + "\n"


def _write(inferred: _Inferred, world: World) -> Iterator[str]:
    """Write each file that is not there; says of each what happened to it."""
    existing = next((path for path in DEFAULT_PATHS if world.tree.entry(path)), None)
    yield _written(existing or PATH, _config(inferred), world)
    if inferred.system == "none":
        return
    path, text = ci_file(inferred.system, inferred.main)
    yield _written(path, text, world)
    yield _written(TEMPLATE_PATHS[inferred.system], TEMPLATE, world)


def _written(path: str, text: str, world: World) -> str:
    if world.tree.entry(path) is not None or (world.root / path).is_symlink():
        return f"{path} is there already: left as it is"
    write_atomic(world.root / path, text.encode("utf-8", "backslashreplace"), within=world.root)
    return f"wrote {path}"


def _suggestions(inferred: _Inferred, world: World) -> Iterator[str]:
    """What a person should add by hand."""
    system = inferred.system
    path, text = ci_file(system, inferred.main)
    if system == "gitlab" and world.tree.entry(path) is not None:
        yield from ("", f"add to {path}:", *(f"  {line}" for line in text.splitlines()[2:]))
    if system != "none":
        yield from ("", "name owners of the gate's files in CODEOWNERS:", owner_lines(system))
    rule = renovate_rule(tuple(inferred.snapshot.inventory.files), _later(inferred))
    if rule:
        yield from ("", "keep Renovate to the first environment, in its configuration:", rule)


def _later(inferred: _Inferred) -> tuple[str, ...]:
    """Globs of the files of every environment but the first."""
    names = inferred.snapshot.environments.names[1:]
    places = {"app": "*", "cluster": "*"}
    return tuple(
        fill(one.text, {**places, "env": name}) + ("" if "." in one.text else "/**")
        for one in inferred.layouts
        for name in names
    )


def _one_line(text: str) -> str:
    return " ".join(text.split()).encode("ascii", "backslashreplace").decode()
