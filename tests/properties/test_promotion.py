"""Promotions of random repositories: what is planned is what is proposed, and once is enough."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_ci.forge.files import changed_files
from gitops_ci.promote.moves import edits_of
from gitops_ci.promote.units import units_of
from tests.unit.promote.build import deployment, images
from tests.unit.promote.places import CONFIG
from tests.unit.promote.scene import Scene

CONFIGURED = """\
version: 1
layouts: ["apps/{app}/overlays/{env}"]
environments: {dev: {}, staging: {from: [dev]}}
groups: {pair: {apps: [a, b], atomic: true}}
promote: {values: [{file: "values.yaml", keys: ["config.*"]}]}
"""
VERSIONS = st.sampled_from(["", "1.0.0", "1.1.0", "2.0.0", "main", "a" * 40, "1e3", "0123"])
OVERLAY = st.tuples(VERSIONS, VERSIONS, st.sampled_from(["", "1", "yes", "'x'"]))
REPOSITORY = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["dev", "staging"])), OVERLAY, min_size=2
)


def files(apps: Mapping[tuple[str, str], tuple[str, str, str]]) -> dict[str, str]:
    found = {CONFIG: CONFIGURED}
    for (app, environment), (entry, inline, value) in apps.items():
        at = f"apps/{app}/overlays/{environment}"
        if entry:
            found[f"{at}/kustomization.yaml"] = images(f"shop/{app}", f"'{entry}'")
        if inline:
            found[f"{at}/side.yaml"] = deployment(f"'shop/side:{inline}'", "side")
        if value:
            found[f"{at}/values.yaml"] = f"config: {{a: {value}}}\nown: {environment}\n"
    return found


@settings(max_examples=30)
@given(REPOSITORY)
def test_the_parts_of_a_plan_are_the_plan(
    apps: Mapping[tuple[str, str], tuple[str, str, str]],
) -> None:
    scene = Scene((1, files(apps)))
    plan = scene.plan("dev", "staging")
    data = {path: text.encode() for path, text in scene.files.items()}
    parts = dict(data)
    for unit in units_of(plan.moves, scene.config):
        edits, refused = edits_of(unit.moves, scene.side("staging").source)
        assert not refused
        parts.update({c.path: c.after or b"" for c in changed_files(edits, data.get)})
    whole = {**data, **{path: text.encode() for path, text in scene.after(plan).items()}}
    assert parts == whole
    assert plan == Scene((1, files(apps))).plan("dev", "staging")


@settings(max_examples=30)
@given(REPOSITORY)
def test_the_second_time_nothing_moves(
    apps: Mapping[tuple[str, str], tuple[str, str, str]],
) -> None:
    scene = Scene((1, files(apps)))
    plan = scene.plan("dev", "staging")
    after = scene.after(plan)
    assert all("/staging/" in path for path in after)
    again = Scene((1, {**scene.files, **after})).plan("dev", "staging")
    assert not again.moves
    assert [item.reason for item in again.refused] == [item.reason for item in plan.refused]
