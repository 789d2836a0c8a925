"""Where forges look for templates of pull requests."""

from __future__ import annotations

import pytest

from gitops_ci.operate.doctor.diagnosis import Health
from gitops_ci.operate.doctor.templates import template

PLACES = [
    ("pull_request_template.md", Health.GOOD),
    (".github/PULL_REQUEST_TEMPLATE.md", Health.GOOD),
    ("docs/pull_request_template.txt", Health.GOOD),
    (".github/PULL_REQUEST_TEMPLATE/release.md", Health.GOOD),
    (".gitlab/merge_request_templates/Default.md", Health.GOOD),
    ("apps/pull_request_template.md", Health.ADVICE),
    (".gitlab/issue_templates/bug.md", Health.ADVICE),
]


@pytest.mark.parametrize(("path", "health"), PLACES)
def test_places(path: str, health: Health) -> None:
    (found,) = template(["README.md", path])
    assert found.health is health
