"""Options that the commands which change something share; each is declared once."""

from __future__ import annotations

from typing import Any

from gitops_ci.steps.option import option


def app_option() -> Any:
    """Which apps are meant."""
    return option((), "only this app, a glob", metavar="APP")


def reason_option() -> Any:
    """Why people decide something."""
    return option("", "why", metavar="TEXT")


def by_option() -> Any:
    """Who decides it."""
    return option("", "who decides; git knows the name otherwise", metavar="NAME")


def write_option() -> Any:
    """Whether the work tree is changed."""
    return option(False, "edit the files of the work tree")


def pr_option() -> Any:
    """Whether the change is proposed."""
    return option(False, "propose the change on the forge, made on the base branch")


def body_option() -> Any:
    """Where the texts of proposals go as well."""
    return option("", "write the texts of the proposals to this file", metavar="FILE")


def plan_format_option() -> Any:
    """How the plan is told."""
    return option("text", "what to print on stdout", choices=("text", "json"), metavar="FORMAT")


def forge_option() -> Any:
    """Where a change is proposed."""
    return option(
        "auto",
        "where to propose; `local` makes a branch and prints the text, `auto` is the forge that "
        "the CI job belongs to, else `local`",
        choices=("auto", "github", "gitlab", "local"),
        metavar="FORGE",
    )
