from __future__ import annotations

import pytest

from gitops_ci.config.load import load, load_config
from gitops_ci.config.model import Config
from gitops_ci.model.errors import ConfigError


def files(**texts: str) -> dict[str, bytes]:
    return {name.replace("__", "/") + ".yaml": text.encode() for name, text in texts.items()}


def rules_of(found: dict[str, bytes], path: str = "") -> list[tuple[str, str, int]]:
    return [(f.rule.id, f.location.path, f.location.line) for f in load(found.get, path).findings]


def test_without_a_file_the_built_ins_hold() -> None:
    loaded = load({}.get)
    assert (loaded.config, loaded.path, loaded.findings) == (Config(), "", ())


def test_the_file_may_be_named_or_found() -> None:
    found = {".gitops-ci.yml": b"ignore: [a]", "other.yaml": b"ignore: [b]"}
    assert load_config(found.get).ignore == ("a",)
    assert load_config(found.get, "other.yaml").ignore == ("b",)


def test_a_named_file_has_to_exist() -> None:
    with pytest.raises(ConfigError) as error:
        load_config({}.get, "missing.yaml")
    assert [f.rule.id for f in error.value.findings] == ["config/unreadable"]


def test_extended_files_are_merged_key_by_key() -> None:
    found = files(
        c="extends: [a.yaml, b.yaml]\nrender: {helm: false}",
        a="ignore: [a]\nrender: {timeout: 5s, helm: true}\nenvironments: {x: {branch: m}}",
        b="ignore: [b, c]\nrender: {timeout: 7s}\nenvironments: {x: {}, y: {from: [x]}}",
    )
    config = load_config(found.get, "c.yaml")
    assert config.ignore == ("b", "c")
    assert (config.render.timeout, config.render.helm) == (7.0, False)
    assert config.environments["x"].branch == "m"
    assert config.environments["y"].sources.names == ("x",)


def test_extended_files_lie_beside_the_file_that_names_them() -> None:
    found = files(c="extends: [d/a.yaml]", d__a="extends: [b.yaml, ../e.yaml]", d__b="", e="")
    assert load(found.get, "c.yaml").findings == ()
    assert [s.path for s in load(found.get, "c.yaml").layers.sources] == [
        "d/b.yaml",
        "e.yaml",
        "d/a.yaml",
        "c.yaml",
    ]


def test_a_fault_is_told_in_the_file_that_has_it_even_when_overruled() -> None:
    found = files(c="extends: [a.yaml]\nignore: [a]", a="render: {}\nignore: 3")
    assert rules_of(found, "c.yaml") == [("config/wrong-type", "a.yaml", 2)]


def test_a_key_may_be_required_of_all_files_together() -> None:
    found = files(c="extends: [a.yaml]\ngroups: {g: {atomic: true}}", a="groups: {g: {apps: [x]}}")
    assert rules_of(found, "c.yaml") == []
    found["a.yaml"] = b""
    assert rules_of(found, "c.yaml") == [("config/missing-key", "c.yaml", 2)]


@pytest.mark.parametrize(
    "target", ["../a.yaml", "/etc/passwd", "https://x.example/a.yaml", "a/../../b", "..", "."]
)
def test_nothing_outside_the_repository_is_read(target: str) -> None:
    asked: list[str] = []

    def reader(path: str) -> bytes | None:
        asked.append(path)
        return f"ignore: []\nextends: ['{target}']".encode() if path == "c.yaml" else b""

    (fault,) = load(reader, "c.yaml").findings
    assert (fault.rule.id, fault.location.line) == ("config/extends-outside", 2)
    assert set(asked) == {"c.yaml"}


def test_a_circle_of_files_is_an_error() -> None:
    found = files(c="extends: [a.yaml]", a="extends: [c.yaml]")
    assert rules_of(found, "c.yaml") == [("config/extends-cycle", "a.yaml", 1)]


def test_a_file_that_is_extended_twice_is_no_circle() -> None:
    found = files(c="extends: [a.yaml, b.yaml]", a="extends: [b.yaml]", b="ignore: [x]")
    assert load_config(found.get, "c.yaml").ignore == ("x",)


def test_there_is_an_end_to_extending() -> None:
    def reader(path: str) -> bytes:
        return f"extends: [{path}x]".encode()

    assert [f.rule.id for f in load(reader, "c").findings] == ["config/extends-cycle"]


@pytest.mark.parametrize(
    ("text", "rule_id"),
    [
        (b"a: [", "yaml/syntax"),
        (b"\xff", "yaml/encoding"),
        (b"ignore: []\nignore: []", "yaml/duplicate-key"),
        (b"ignore: []\n---\nignore: []", "config/several-documents"),
        (b"- a", "config/wrong-type"),
        (b"text", "config/wrong-type"),
        (b"a: &a [*a]", "yaml/alias-bomb"),
    ],
)
def test_a_file_that_is_no_configuration(text: bytes, rule_id: str) -> None:
    assert rule_id in [f.rule.id for f in load({".gitops-ci.yaml": text}.get).findings]


def test_places_survive_merging() -> None:
    found = files(c="extends: [a.yaml]\nrender: {helm: true}", a="\nrender: {timeout: 5s}")
    loaded = load(found.get, "c.yaml")
    helm, timeout = loaded.place(("render", "helm")), loaded.place(("render", "timeout"))
    assert (helm.path, helm.line) == ("c.yaml", 2)
    assert (timeout.path, timeout.line) == ("a.yaml", 2)
