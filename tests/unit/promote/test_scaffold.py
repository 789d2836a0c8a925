"""An app that is new in an environment: its files are proposed, what to look at is marked."""

from __future__ import annotations

import pytest

from tests.unit.promote.build import deployment
from tests.unit.promote.places import THREE
from tests.unit.promote.scene import Scene, configured, told

OWN = """\
version: 1
environments:
  dev: {paths: ["d/{app}"]}
  staging: {from: [dev], paths: ["s/{app}"]}
"""
TEXT = deployment("shop/web:1") + "  replicas: 3\n---\nhost: dev.example # own\n"


@pytest.mark.parametrize(
    ("config", "dev", "staging"),
    [
        (THREE, "apps/web/overlays/dev", "apps/web/overlays/staging"),
        (OWN, "d/web", "s/web"),
    ],
)
def test_files_are_proposed_and_marked(config: str, dev: str, staging: str) -> None:
    made = Scene((1, configured(config, {f"{dev}/w.yaml": TEXT, f"{dev}/a/b.txt": "x\n"})))
    plan = made.plan("dev", "staging", scaffold=True)
    assert made.after(plan) == {
        f"{staging}/w.yaml": TEXT.replace("replicas: 3", "replicas: 3 # check: as in dev"),
        f"{staging}/a/b.txt": "x\n",
    }
    done = Scene((1, {**made.files, **made.after(plan)}))
    assert set(told(done.plan("dev", "staging", scaffold=True))) == {"done"}


def test_without_a_layout_nobody_can_tell_where_files_go() -> None:
    config = "version: 1\nenvironments: {dev: {}, staging: {from: [dev]}}\n"
    made = Scene((1, configured(config, {"web/dev/w.yaml": TEXT})))
    plan = made.plan("dev", "staging", scaffold=True)
    assert not plan.moves
    assert "nobody can tell where web/dev/w.yaml goes" in plan.refused[0].reason
