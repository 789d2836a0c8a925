"""A tree of a few files and what rendering makes of it, with programs that are scripted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gitops_ci.config.model import Config
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.render.objects import Rendered, RenderedObject
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.programs import LocalPrograms, Programs
from gitops_ci.render.render import Ports, Renderer, render_all
from gitops_ci.render.workspace import Workspace
from gitops_ci.repo.affected import Selection, bearers_of, select
from gitops_ci.repo.environments import find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.graph_build import build_graph
from gitops_ci.repo.inventory import take_inventory
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.roots import find_roots
from gitops_ci.tools.run import Outcome

Answer = Callable[[Sequence[str | Path], Path], Outcome]


@dataclass(slots=True)
class FakePrograms:
    """Programs that answer by a function each; `calls` remembers the words and environments."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    calls: list[tuple[list[str], dict[str, str]]] = field(default_factory=list)

    def find(self, name: str) -> Path | None:
        return Path("/tools") / name if name in self.answers else None

    def run(
        self, argv: Sequence[str | Path], *, cwd: Path, timeout: float, env: Mapping[str, str]
    ) -> Outcome:
        self.calls.append(([str(word) for word in argv], dict(env)))
        return self.answers[Path(argv[0]).name](argv, cwd)


def prints(text: str = "", *, error: str = "", code: int = 0) -> Answer:
    """A program that prints."""
    return lambda argv, cwd: Outcome(code, text.encode(), error)


def renderer_of(
    files: Mapping[str, str],
    *,
    programs: Programs | None = None,
    links: Mapping[str, str] | None = None,
    **options: Any,
) -> Renderer:
    """A renderer for a tree in memory whose files are all parsed; fake programs believe that it
    lies in /repository."""
    tree = MemoryTree(files, links)
    parsed = Files(tree)
    take_inventory(parsed, Config())
    ports = Ports(Workspace(tree, Path("/repository")), programs or FakePrograms())
    return Renderer(parsed, RenderOptions(**options), ports)


def render_tree(
    files: Mapping[str, str], *, programs: Programs | None = None, **options: Any
) -> list[Rendered]:
    """Every root of a tree in memory, as the check renders it."""
    return _render(files, None, programs, options)


def render_change(
    files: Mapping[str, str], *changed: str, programs: Programs | None = None, **options: Any
) -> list[Rendered]:
    """What a change to some of the files concerns, as the check renders it."""
    return _render(files, changed, programs, options)


def _render(
    files: Mapping[str, str],
    changed: tuple[str, ...] | None,
    programs: Programs | None,
    options: dict[str, Any],
) -> list[Rendered]:
    tree = MemoryTree(files)
    parsed, config = Files(tree), Config()
    inventory = take_inventory(parsed, config)
    graph = build_graph(parsed, inventory)
    environments = find_environments(inventory, config)
    selection = Selection(find_roots(parsed, inventory, graph, config, environments).roots)
    if changed is not None:
        selection = select(selection.roots, graph, bearers_of(parsed, inventory), changed)
    workspace = Workspace(tree)
    ports = Ports(workspace, programs or FakePrograms())
    renderer = Renderer(parsed, RenderOptions(**options), ports)
    of_deployer, carriers = environments.of_deployer, selection.carriers
    try:
        return list(render_all(renderer, selection.roots, of_deployer, carriers))
    finally:
        workspace.close()


def real_programs() -> Programs:
    """The programs of this machine."""
    return LocalPrograms()


def objects_of(rendered: Sequence[Rendered], kind: str = "") -> list[RenderedObject]:
    """All objects, or those of one kind."""
    found = [item for part in rendered for item in part.objects]
    return [item for item in found if not kind or item.ref.kind == kind]


def findings_of(rendered: Sequence[Rendered]) -> list[Finding]:
    """All findings."""
    return [finding for part in rendered for finding in part.findings]


def skips_of(rendered: Sequence[Rendered]) -> list[Skip]:
    """All skips."""
    return [skip for part in rendered for skip in part.skipped]


def lines(findings: Sequence[Finding]) -> list[tuple[str, str, int]]:
    """(rule, path, line) of each finding."""
    return [(f.rule.id, f.location.path, f.location.line) for f in findings]


def origin_line(item: RenderedObject, *route: str | int) -> str:
    """`path:line` of what set the value."""
    location = item.origin.trace(route).location
    return f"{location.path}:{location.line}"
