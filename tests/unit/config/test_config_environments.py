from __future__ import annotations

import pytest

from gitops_ci.config.environment_graph import is_protected, order
from gitops_ci.config.load import load
from gitops_ci.config.model import Environment


def graph(text: str) -> dict[str, Environment]:
    return load({".gitops-ci.yaml": f"environments: {text}".encode()}.get).config.environments


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("{}", "prod", True),
        ("{}", "prod-eu", True),
        ("{}", "eu-production", True),
        ("{}", "live2", True),
        ("{}", "product", False),
        ("{}", "olive", False),
        ("{}", "staging", False),
        ("{prod: {protected: false}}", "prod", False),
        ("{dev: {protected: true}}", "dev", True),
        ("{dev: {}, stage: {from: [dev]}, final: {from: [stage]}}", "final", True),
        ("{dev: {}, stage: {from: [dev]}, final: {from: [stage]}}", "stage", False),
        ("{dev: {}, stage: {from: [dev]}, final: {from: [stage]}}", "dev", False),
        ("{dev: {}}", "dev", False),
    ],
)
def test_what_is_protected(text: str, name: str, *, expected: bool) -> None:
    assert is_protected(name, graph(text)) is expected


def test_sources_come_first() -> None:
    text = "{prod: {from: [stage]}, stage: {from: [dev, qa]}, dev: {}, qa: {from: [dev]}}"
    assert order(graph(text)) == ("dev", "qa", "stage", "prod")


def test_a_circle_still_has_an_order() -> None:
    assert sorted(order(graph("{a: {from: [b]}, b: {from: [a]}, c: {}}"))) == ["a", "b", "c"]


def test_each_circle_is_told_once_with_its_line() -> None:
    text = "environments:\n  a:\n    from: [c]\n  b:\n    from: [a]\n  c:\n    from: [b]\n  d: {}\n"
    (fault,) = load({".gitops-ci.yaml": text.encode()}.get).findings
    assert fault.message == "environments go round in a circle: a ← c ← b ← a"
    assert fault.location.line == 5


def test_long_chains_are_no_problem() -> None:
    links = ", ".join(f"e{n}: {{from: [e{n + 1}]}}" for n in range(3000))
    assert order(graph(f"{{{links}, e3000: {{}}}}"))[0] == "e3000"
