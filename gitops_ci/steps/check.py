"""`check`: render everything that something deploys, run every check on it, give one verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World

PARTS = ("validate", "secrets", "policy")
"""The parts of the check; each is also a command."""
FORMATS = ("text", "json", "sarif", "junit", "codequality", "gl-sast", "gl-secret", "markdown")


def publish_option() -> Any:
    """The option of every command whose report may go onto a pull request."""
    return option(
        "auto",
        "keep a summary comment and remarks on the lines of the pull request up to date; `auto`:"
        " when there is a token that may",
        choices=("auto", "never"),
        metavar="WHEN",
    )


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `check`."""

    path: tuple[str, ...] = option(
        (),
        "only what lies in these files and directories; `-` reads finished YAML from stdin",
        positional=True,
    )
    changed_since: str = option(
        "",
        "only the roots that differ from this revision; what stood there already does not block."
        " `auto`: the base of the pull request, else the default branch",
        metavar="REF",
    )
    only: tuple[str, ...] = option(
        (), "only these parts of the check", choices=PARTS, commas=True, metavar="PARTS"
    )
    k8s: tuple[str, ...] = option(
        (),
        "Kubernetes versions to check against, such as 1.33,1.35",
        commas=True,
        metavar="VERSIONS",
        config="kubernetes",
    )
    fail_on: str = option(
        "error",
        "the least severity that blocks",
        choices=("error", "warning", "note", "never"),
        metavar="LEVEL",
        config="report.failOn",
    )
    fail_on_existing: bool = option(
        False,
        "findings that the base has too block as well",
        config="report.failOnExisting",
    )
    baseline: str = option(
        "", "accept the findings listed here instead of in .gitops-ci/baseline", metavar="FILE"
    )
    rendered: tuple[str, ...] = option(
        (), "finished YAML in DIR, checked as environment ENV", metavar="DIR=ENV"
    )
    config_from: str = option(
        "",
        "read the configuration, exceptions and baselines from this revision",
        metavar="REF",
    )
    format: str = option("text", "what to print on stdout", choices=FORMATS, metavar="FORMAT")
    output: tuple[str, ...] = option(
        (), "also write a report to a file; FORMAT as for --format", metavar="FORMAT=PATH"
    )
    publish: str = publish_option()
    fix: bool = option(
        False, "apply the safe fixes to the work tree, then check again", action=False
    )
    dry_run: bool = option(
        False, "with --fix: print what it would change, and write nothing", action=False
    )
    engine: str = option(
        "auto",
        "which kustomize engine renders; `both` compares the two",
        choices=("auto", "native", "kustomize", "both"),
        metavar="ENGINE",
        config="render.engine",
    )
    schema_engine: str = option(
        "embedded",
        "which validator checks schemas",
        choices=("embedded", "kubeconform"),
        metavar="ENGINE",
        config="validate.engine",
    )
    network: bool = option(False, "allow fetching remote bases and charts")
    cache: str = option(
        "",
        "where fetched charts and bases are kept, instead of in the cache of the user",
        metavar="DIR",
    )
    no_cache: bool = option(False, "neither use nor keep what was fetched before")
    jobs: int = option(2, "how many threads an external validator may use", metavar="N")
    shard: str = option("", "check only the I-th of N equal parts of the roots", metavar="I/N")
    timeout: str = option(
        "60s",
        "how long one external program may take, such as 90s or 2m; a mere number means seconds",
        metavar="TIME",
        config="render.timeout",
    )


def run(inputs: Inputs, world: World) -> int:
    """The exit code of the verdict; the report goes to stdout and to every --output."""
    from gitops_ci.steps.checking import check

    return check(inputs, world)
