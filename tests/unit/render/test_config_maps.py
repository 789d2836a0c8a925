from __future__ import annotations

import pytest

from gitops_ci.render.config_maps import ConfigMaps
from gitops_ci.render.opaque import is_opaque, without_sops
from gitops_ci.render.plain import render_files
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree


def _map(value: str, namespace: str = "flux-system") -> str:
    return (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: vars, namespace: {namespace}}}\n"
        f"data: {{who: {value}}}\n"
    )


FILES = {
    "clusters/prod/vars.yaml": _map("prod"),
    "clusters/dev/vars.yaml": _map("dev"),
    "other/vars.yaml": _map("other", "elsewhere"),
}


def _maps() -> tuple[Files, ConfigMaps]:
    files = Files(MemoryTree(FILES))
    for path in FILES:
        files.source(path)
    return files, ConfigMaps(files)


@pytest.mark.parametrize(
    ("namespace", "near", "expected"),
    [
        ("flux-system", "clusters/prod/apps.yaml", "prod"),
        ("flux-system", "clusters/dev/deep/apps.yaml", "dev"),
        ("elsewhere", "clusters/dev/apps.yaml", "other"),
    ],
)
def test_the_nearest_of_the_namespace_is_meant(namespace: str, near: str, expected: str) -> None:
    found = _maps()[1].find(namespace, "vars", near)
    assert found is not None
    assert found.data == {"who": expected}


def test_an_unknown_one_is_not_made_up() -> None:
    assert _maps()[1].find("flux-system", "settings", "clusters/prod/apps.yaml") is None


def test_a_rendered_one_wins_over_a_written_one() -> None:
    files, maps = _maps()
    maps.note(render_files(files, ["clusters/dev/vars.yaml"]).objects)
    found = maps.find("flux-system", "vars", "clusters/prod/apps.yaml")
    assert found is not None
    assert found.path == "clusters/dev/vars.yaml"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]", True),
        ("app.${DOMAIN}", True),
        ("<path:secret/data/x#key>", True),
        ("ref+vault://x/y", True),
        ("plain", False),
        ("$HOME and $(NAME)", False),
        ("a < b and c > d", False),
        (3, False),
    ],
)
def test_opaque_values(value: object, expected: bool) -> None:
    assert is_opaque(value) is expected


def test_the_sops_block_of_an_object_goes_and_a_key_called_sops_stays() -> None:
    assert without_sops({"kind": "Secret", "sops": {}, "data": {}}) == {
        "kind": "Secret",
        "data": {},
    }
    assert without_sops({"sops": 1}) == {"sops": 1}
