"""The files that `init` proposes beside the configuration, and the lines that it only suggests."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gitops_ci import __version__
from gitops_ci.documents.quoting import written

HOME = "OWNER/gitops-ci"
"""Where the project lives on GitHub. A release names it; else a person puts the owner there."""
_TO_FILL_IN = "OWNER: where gitops-ci lives. " if HOME.startswith("OWNER/") else ""

GITHUB_PATH = ".github/workflows/gitops-ci.yml"
GITHUB = f"""\
# {_TO_FILL_IN}Require the check `gitops-ci / gate` on the main branch.
name: gitops-ci
on: {{pull_request: {{}}, merge_group: {{}}, push: {{branches: [BRANCH]}}}}
permissions: {{}}
jobs:
  gitops-ci:
    permissions: {{contents: read, pull-requests: write}}
    uses: {HOME}/.github/workflows/check.yml@v{__version__}
"""

GITLAB_PATH = ".gitlab-ci.yml"
GITLAB = f"""\
# OWNER: where gitops-ci lives on this instance. Let pipelines have to succeed, under Settings,
# Merge requests.
include:
  - component: $CI_SERVER_FQDN/OWNER/gitops-ci/check@{__version__}
"""

TEMPLATE_PATHS = {
    "github": ".github/pull_request_template.md",
    "gitlab": ".gitlab/merge_request_templates/Default.md",
}
TEMPLATE = """\
## What changes, and where

<!-- Which apps and environments; what the rendered difference shows. -->

## How to go back

<!-- `gitops-ci rollback`, or what else it takes. -->
"""

_RENOVATE = ("renovate.json", "renovate.json5", ".github/renovate.json", ".renovaterc",
             ".renovaterc.json", ".gitlab/renovate.json")  # fmt: skip


def ci_file(system: str, branch: str) -> tuple[str, str]:
    """Path and text of the CI file for `github` or `gitlab`."""
    if system == "gitlab":
        return GITLAB_PATH, GITLAB
    return GITHUB_PATH, GITHUB.replace("BRANCH", written(branch, flow=True))


def owner_lines(system: str) -> str:
    """What a CODEOWNERS file should hold, so that the gate's own files have owners."""
    ci = "/.gitlab-ci.yml" if system == "gitlab" else "/.github/workflows/"
    paths = ("/.gitops-ci.yaml", "/.gitops-ci/", ci)
    return "\n".join(f"  {path:<22} @YOUR/TEAM" for path in paths)


def renovate_rule(paths: Iterator[str] | tuple[str, ...], others: tuple[str, ...]) -> str:
    """The rule that keeps Renovate out of every environment but the first; empty where nobody uses
    it. `others` are globs of the other environments' files."""
    if not others or not any(path in _RENOVATE for path in paths):
        return ""
    rule = {"packageRules": [{"matchFileNames": list(others), "enabled": False}]}
    return "\n".join("  " + line for line in json.dumps(rule, indent=2).splitlines())
