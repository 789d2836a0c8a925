"""Is there a template for the text of pull requests, where the configuration asks for discipline.

Places: docs.github.com "Creating a pull request template for your repository" and docs.gitlab.com
"Description templates".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gitops_ci.model.regex import regex
from gitops_ci.operate.doctor.diagnosis import Diagnosis, advice, good

_TOPIC = "template"
_PLACE = regex(
    r"(?:(?:\.github|docs)/)?pull_request_template(?:\.(?:md|txt)|/[^/]+\.(?:md|txt))"
    r"|\.gitlab/merge_request_templates/[^/]+\.md",
    re.IGNORECASE,
)


def template(paths: Iterable[str]) -> Iterator[Diagnosis]:
    """One diagnosis; a template of the whole organisation cannot be seen from here."""
    found = next((path for path in paths if _PLACE.fullmatch(path)), "")
    if found:
        yield good(_TOPIC, f"pull requests begin with {found}")
        return
    text = "this repository has no template for pull requests"
    yield advice(_TOPIC, text, "gitops-ci init writes one; an organisation's own does as well")
