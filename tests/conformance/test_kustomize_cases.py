"""Every case: the native engine gives what the reference gave, in the same order and byte for byte,
or refuses it too and says where."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from gitops_ci.model.finding import Finding
from gitops_ci.model.severity import Severity
from gitops_ci.render.kustomize.emit import emit
from gitops_ci.render.kustomize.engine import (
    Built,
    KustomizeEngine,
    KustomizeOptions,
    UnsupportedError,
)
from gitops_ci.repo.files import Files
from gitops_ci.repo.tree import EntryKind
from scripts.kustomize_expected import current, recorded
from tests.support.kustomize_cases import Case, all_cases
from tests.support.kustomize_compare import difference, parsed
from tests.support.tools import require_tool

HANDED_OVER: dict[str, str] = {
    "configurations/unknown-field": "unknown fields may be fields of a newer kustomize",
    "errors/field-in-wrong-case": "unknown fields may be fields of a newer kustomize",
    "errors/helm-chart-without-helm": "charts need helm",
    "errors/unknown-field": "unknown fields may be fields of a newer kustomize",
    "errors/unknown-nested-field": "unknown fields may be fields of a newer kustomize",
    "metadata/origin": "the notes that buildMetadata asks for are the reference's own",
    "metadata/transformers": "the notes that buildMetadata asks for are the reference's own",
    "metadata/unknown": "the notes that buildMetadata asks for are the reference's own",
    "plugins/exec-function": "plugins are never run",
    "plugins/external-transformer": "plugins are never run",
    "plugins/unknown-builtin": "plugins are never run",
    "plugins/validator": "validators are plugins",
    "plugins/validator-that-changes-nothing": "validators are plugins",
    "yaml/binary-tag": "tags of one's own mean different things to YAML readers",
    "yaml/unknown-tag": "tags of one's own mean different things to YAML readers",
}
"""Cases that the engine leaves to the reference, and why."""

CASES = {case.name: case for case in all_cases()}
NATIVE = sorted(CASES.keys() - HANDED_OVER.keys())


def build(case: Case) -> Built:
    """What the native engine gives."""
    options = KustomizeOptions(load_restrictor=case.restrictor)
    return KustomizeEngine(Files(case.tree()), options).build(case.directory)


def is_placed(case: Case, finding: Finding) -> bool:
    """Whether the finding names a file of the input, or the built directory if that holds none."""
    path = finding.location.path
    entry = case.tree().entry(path)
    if path.strip(".") == case.directory:
        return True
    return entry is not None and entry.kind is not EntryKind.DIRECTORY


@pytest.mark.parametrize("name", [name for name in NATIVE if not CASES[name].fails])
def test_the_output_is_that_of_the_reference(name: str) -> None:
    built = build(CASES[name])
    errors = [f.message for f in built.findings if f.severity is Severity.ERROR]
    ours = [item.value for item in built.objects]
    assert not difference(ours, parsed(CASES[name].expected)), errors


@pytest.mark.parametrize("name", [name for name in NATIVE if not CASES[name].fails])
def test_the_text_is_that_of_the_reference(name: str) -> None:
    text = emit(item.value for item in build(CASES[name]).objects)
    assert text.encode() == CASES[name].expected


@pytest.mark.parametrize("name", [name for name in NATIVE if CASES[name].fails])
def test_what_the_reference_refuses_is_a_finding_in_the_input(name: str) -> None:
    built = build(CASES[name])
    assert not built.objects
    errors = [f for f in built.findings if f.severity is Severity.ERROR]
    assert errors
    assert any(is_placed(CASES[name], finding) for finding in errors), errors


@pytest.mark.parametrize("name", sorted(HANDED_OVER))
def test_what_is_left_to_the_reference_is_left_to_it(name: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        build(CASES[name])
    assert caught.value.location.path


def test_the_suite_keeps_its_size() -> None:
    assert len(CASES) >= 500
    assert HANDED_OVER.keys() <= CASES.keys()


@pytest.mark.full
@pytest.mark.timeout(600)
def test_the_records_are_what_the_binary_says() -> None:
    binary = require_tool("kustomize")
    with ThreadPoolExecutor(max_workers=2) as pool:
        verdicts = pool.map(lambda case: current(binary, case), CASES.values())
        pairs = zip(CASES.values(), verdicts, strict=True)
        stale = [case.name for case, verdict in pairs if recorded(case) != verdict]
    assert not stale, f"run `python -m scripts.kustomize_expected`: {stale}"
