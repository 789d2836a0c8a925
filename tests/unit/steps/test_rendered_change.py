"""What the text of a proposal says about the rendered objects."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.cli import wire
from gitops_ci.cli.parser import parse
from gitops_ci.config.model import Config
from gitops_ci.model.change import FileEdit
from gitops_ci.model.edit import NewFile, RemoveFile
from gitops_ci.output.sink import Sink
from gitops_ci.promote.words.rendering import Rendering, rendering_lines
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.steps.rendered_change import rendered_changes
from gitops_ci.steps.snapshot import take_snapshot
from gitops_ci.steps.world import World
from tests.support.rendering import FakePrograms
from tests.unit.promote.build import deployment, images

OVERLAY = "apps/web/overlays/prod/kustomization.yaml"
BASE = {
    "apps/web/base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "apps/web/base/deployment.yaml": deployment("shop/web"),
    OVERLAY: images("shop/web", "1.0.0"),
}
CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "tag: 1\n",
    "charts/web/templates/a.yaml": "{{ .Values.tag }}\n",
}
TOKEN = "ghp_" + "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEK"[:36]
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: %s}\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: %s}\n"


def generated(value: str) -> str:
    """An overlay with a generated ConfigMap that the Deployment mounts."""
    return (
        "resources: [../../base]\nconfigMapGenerator:\n- name: web\n"
        f"  literals: [colour={value}]\npatches:\n- patch: |-\n"
        "    - {op: add, path: /spec/template/spec/volumes,\n"
        "       value: [{name: c, configMap: {name: web}}]}\n  target: {kind: Deployment}\n"
    )


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world without programs."""
    command = parse(["-C", str(tmp_path), "promote"])
    made = wire.world(command, Sink(io.BytesIO(), io.BytesIO()), {})
    return replace(made, git=None, programs=FakePrograms())


def change(world: World, files: Mapping[str, str], later: Mapping[str, str | None]) -> Rendering:
    """What `later` makes of `files`; None takes a file away."""
    (made,) = changes(world, files, [later])
    return made


def changes(
    world: World, files: Mapping[str, str], several: Sequence[Mapping[str, str | None]]
) -> tuple[Rendering, ...]:
    """What each of several changes makes of the same files."""
    snapshot = take_snapshot(MemoryTree(files), Config())
    return rendered_changes([(snapshot, list(edits(files, later))) for later in several], world)


def edits(files: Mapping[str, str], later: Mapping[str, str | None]) -> Iterator[FileEdit]:
    for path, text in later.items():
        old = files[path].encode() if path in files else None
        if text is not None:
            yield NewFile(path, text.encode(), expect=old)
        elif old is not None:
            yield RemoveFile(path, old)


def lines(rendering: Rendering) -> list[str]:
    """What it says, without the head of the table and empty lines."""
    found = [line for line in rendering_lines(rendering) if line]
    return found[2:] if found[0].startswith("|") else found


IMAGE = "<code>spec.template.spec.containers&#91;web&#93;.image</code>"
CASES: dict[str, tuple[dict[str, str], dict[str, str | None], list[str]]] = {
    "one image in one environment": (
        BASE | {"apps/web/overlays/dev/kustomization.yaml": images("shop/web", "1")},
        {OVERLAY: images("shop/web", "1.1.0")},
        ["| prod | 1 | 0 | 0 | 0 |", "prod:",
         (f"* <code>Deployment web</code> {IMAGE}:"
         " <code>shop/web:1.0.0</code> → <code>shop/web:1.1.0</code>")],
    ),
    "a base in all its environments": (
        BASE | {"apps/web/overlays/dev/kustomization.yaml": "resources: [../../base]\n",
                OVERLAY: "resources: [../../base]\n"},
        {"apps/web/base/deployment.yaml": deployment("shop/web:2")},
        ["| dev | 1 | 0 | 0 | 0 |", "| prod | 1 | 0 | 0 | 0 |", "dev:",
         f"* <code>Deployment web</code> {IMAGE}: <code>shop/web</code> → <code>shop/web:2</code>",
         "prod:",
         f"* <code>Deployment web</code> {IMAGE}: <code>shop/web</code> → <code>shop/web:2</code>"],
    ),
    "what follows from a generated name is folded": (
        BASE | {OVERLAY: generated("red")},
        {OVERLAY: generated("blue")},
        ["| prod | 1 | 0 | 0 | 1 |", "prod:",
         ("* <code>ConfigMap web-6g6gd9868f &#40;was web-5k9ch927gb&#41;</code>"
         " <code>data.colour</code>: <code>red</code> → <code>blue</code>")],
    ),
    "the value of a Secret": (
        {"envs/prod/s.yaml": SECRET % "first-value"},
        {"envs/prod/s.yaml": SECRET % "other-value"},
        ["| prod | 1 | 0 | 0 | 0 |", "prod:",
         ("* <code>Secret s</code> <code>stringData.a</code>:"
         " <code>&#42;&#42;&#42;</code> → <code>&#42;&#42;&#42;</code>")],
    ),
    "a secret that is in no Secret": (
        {"envs/prod/c.yaml": CONFIG_MAP % "none"},
        {"envs/prod/c.yaml": CONFIG_MAP % TOKEN},
        ["| prod | 1 | 0 | 0 | 0 |", "prod:",
         ("* <code>ConfigMap c</code> <code>data.a</code>:"
         " <code>none</code> → <code>&#42;&#42;&#42;</code>")],
    ),
    "an object that comes, one that goes": (
        {"envs/prod/c.yaml": CONFIG_MAP % "x"},
        {"envs/prod/c.yaml": None, "envs/prod/s.yaml": SECRET % "value"},
        ["| prod | 0 | 1 | 1 | 0 |", "prod:", "* <code>ConfigMap c</code> removed",
         "* <code>Secret s</code> added"],
    ),
    "a comment": (
        BASE,
        {OVERLAY: images("shop/web", "1.0.0 # as before")},
        ["No rendered object differs."],
    ),
    "a file of nothing that is rendered": (
        BASE,
        {".gitops-ci/holds.yaml": "holds: []\n"},
        ["Nothing that can be rendered here is made of the changed files."],
    ),
    "a base that is not there": (
        {OVERLAY: images("shop/web", "v1")},
        {OVERLAY: images("shop/web", "v2")},
        ["Not compared:",
         "* apps/web/overlays/prod/kustomization.yaml: &#39;../../base&#39; does not exist"],
    ),
    "a chart without helm": (
        CHART,
        {"charts/web/values.yaml": "tag: 2\n"},
        ["Not compared:", ("* charts/web: missing-tool: helm was not found:"
         " run &#96;gitops-ci tools install helm&#96;")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_said(name: str, world: World) -> None:
    files, later, said = CASES[name]
    assert lines(change(world, files, later)) == said


def test_a_fault_of_a_program_stops_nothing(world: World) -> None:
    def fails(*_: object) -> object:
        raise ValueError("no reason")

    broken = replace(world, programs=FakePrograms({"helm": fails}))  # type: ignore[dict-item]
    made = change(broken, CHART, {"charts/web/values.yaml": "tag: 2\n"})
    assert made == Rendering(unseen=("the comparison failed: ValueError",))


def test_too_many_roots_are_left_to_diff(world: World) -> None:
    overlays = {f"envs/e{n}/kustomization.yaml": "resources: [../../base]\n" for n in range(201)}
    files = {"base/kustomization.yaml": "resources: [c.yaml]\n", "base/c.yaml": CONFIG_MAP % "x"}
    made = change(world, files | overlays, {"base/c.yaml": CONFIG_MAP % "y"})
    assert made.unseen == ("201 roots are too many; `gitops-ci diff` renders them all",)


def own(app: str, version: str) -> dict[str, str]:
    return {f"apps/{app}/overlays/prod/kustomization.yaml": images(f"shop/{app}", version)}


def based(app: str) -> dict[str, str]:
    files = {f"apps/{app}/base/kustomization.yaml": "resources: [deployment.yaml]\n",
             f"apps/{app}/base/deployment.yaml": deployment(f"shop/{app}", app)}  # fmt: skip
    return files | own(app, "1.0.0")


TOGETHER = {
    "that meet nowhere": (based("a") | based("b"), [own("a", "2.0.0"), own("b", "3.0.0")]),
    "of one root": (
        {"prod/kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
         "prod/a.yaml": deployment("shop/a:1", "a"), "prod/b.yaml": deployment("shop/b:1", "b")},
        [{"prod/a.yaml": deployment("shop/a:2", "a")},
         {"prod/b.yaml": deployment("shop/b:2", "b")}],
    ),
    "of one file": (
        {"envs/prod/c.yaml": CONFIG_MAP % "x"},
        [{"envs/prod/c.yaml": CONFIG_MAP % "y"}, {"envs/prod/c.yaml": CONFIG_MAP % "z"}],
    ),
    "of which one is broken": (based("a") | based("b"), [own("a", "2.0.0"), own("b", "1")]),
}  # fmt: skip


@pytest.mark.parametrize("name", TOGETHER)
def test_each_of_several_changes_is_told_as_if_it_were_alone(name: str, world: World) -> None:
    files, several = TOGETHER[name]
    alone = tuple(change(world, files, later) for later in several)
    assert changes(world, files, several) == alone
    assert len({lines(one)[-1] for one in alone}) == len(several)


def test_only_so_many_changes_of_one_root_are_rendered(world: World) -> None:
    paths = {f"c{n}.yaml": (CONFIG_MAP % "x").replace("name: c", f"name: c{n}") for n in range(22)}
    files = {f"prod/{path}": text for path, text in paths.items()}
    files["prod/kustomization.yaml"] = f"resources: [{', '.join(paths)}]\n"
    several = [{f"prod/{path}": text.replace("a: x", "a: y")} for path, text in paths.items()]
    made = changes(world, files, several)
    assert [one.unseen for one in made[-3:]] == [
        (), *[("many proposals are made of the same roots; `gitops-ci diff` renders each",)] * 2
    ]  # fmt: skip
