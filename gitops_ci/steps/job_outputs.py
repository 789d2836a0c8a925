"""What a command hands to the later steps of a CI job, beside its exit code.

The names for pull requests are those that peter-evans/create-pull-request made common.
"""

from __future__ import annotations

EXIT_CODE = "exit-code"
VERDICT = ("status", "findings", "errors", "warnings", "json-file", "sarif-file")
PROPOSALS = (
    "changed",
    "pull-request-number",
    "pull-request-url",
    "pull-request-operation",
    "pull-request-head-sha",
    "pull-request-branch",
    "proposals",
)
CHANGED = ("changed",)
ALONE = (EXIT_CODE,)
"""For a command that tells nothing but its exit code."""

MEANINGS = {
    EXIT_CODE: "0 allowed, 1 blocked, 2 usage or configuration, 3 incomplete, 4 endpoint,"
    " 5 conflict, 70 a bug",
    "status": "pass, fail or incomplete",
    "findings": "The number of findings that are shown",
    "errors": "The number of errors among them",
    "warnings": "The number of warnings among them",
    "json-file": "The path of the JSON report, relative to the workspace",
    "sarif-file": "The path of the SARIF report, relative to the workspace",
    "changed": "true when something differs or was proposed",
    "pull-request-number": "The number of the first pull request",
    "pull-request-url": "Its address",
    "pull-request-operation": "created, updated, unchanged or declined",
    "pull-request-head-sha": "The commit at its head",
    "pull-request-branch": "Its branch",
    "proposals": "All pull requests, as a JSON list of number, url, operation, head-sha, branch",
}
"""Every output by its name."""
