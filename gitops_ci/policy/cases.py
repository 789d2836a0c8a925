"""Tests of policies: files of manifests, and what is expected to be found in them.

A file called as NAMES holds `cases`; the files that they name lie beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Struct

from gitops_ci.config.decode import Decoder
from gitops_ci.config.model_policy import SEVERITY_WORDS
from gitops_ci.config.places import DocumentPlaces
from gitops_ci.config.setting import Setting
from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import Finding
from gitops_ci.model.severity import Severity

NAMES = ("gitops-ci-test.yaml", "gitops-ci-test.yml")
"""What test files are called."""


class Expected(Struct, frozen=True):
    """One finding that has to be there."""

    rule: Annotated[str, Setting("The id of its rule.", required=True)] = ""
    line: Annotated[int | None, Setting("Its line; any when it is not written.", minimum=1)] = None
    severity: Annotated[str, Setting("What it weighs.", choices=SEVERITY_WORDS)] = ""
    message: Annotated[str, Setting("A part of its message.")] = ""

    def fits(self, finding: Finding) -> bool:
        """Whether the finding is the expected one."""
        return (
            finding.rule.id == self.rule
            and (self.line is None or finding.location.line == self.line)
            and (not self.severity or finding.severity.word == self.severity)
            and self.message in finding.message
        )

    def __str__(self) -> str:
        words = [f"line {self.line}"] if self.line else []
        return " ".join(filter(None, [*words, self.severity, self.rule, self.message]))


class Case(Struct, frozen=True):
    """One file and everything that is to be found in it."""

    file: Annotated[str, Setting("The file, beside the test file.", required=True)] = ""
    environment: Annotated[str, Setting("The environment in which it is judged.")] = ""
    expect: Annotated[tuple[Expected, ...], Setting("All that is found; by default nothing.")] = ()


class TestFile(Struct, frozen=True):
    """What a test file holds."""

    cases: Annotated[tuple[Case, ...], Setting("The cases.", required=True)] = ()


def cases_in(source: SourceFile) -> tuple[tuple[Case, ...], tuple[Finding, ...]]:
    """The cases of a test file, and what is wrong with it."""
    faults = [item for item in source.problems if item.severity is Severity.ERROR]
    cases: list[Case] = []
    for document in source.documents:
        decoder = Decoder(DocumentPlaces(source, document.index))
        cases += decoder.section(TestFile, document.value, ()).cases
        faults += decoder.findings
    return tuple(cases), tuple(faults)


def differences(case: Case, findings: Iterable[Finding]) -> Iterator[str]:
    """What is missing and what is too much, in words."""
    left = list(findings)
    for expected in case.expect:
        hit = next((finding for finding in left if expected.fits(finding)), None)
        if hit is None:
            yield f"missing: {expected}"
        else:
            left.remove(hit)
    for finding in left:
        weight, rule = finding.severity.word, finding.rule.id
        yield f"not expected: line {finding.location.line} {weight} {rule}: {finding.message}"
