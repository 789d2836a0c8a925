"""Config sections of the policies that a team brings along: engines and JSON Schemas."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from gitops_ci.config.setting import Setting

SEVERITY_WORDS = ("error", "warning", "note")


class EngineConfig(Struct, frozen=True):
    """A program that judges the rendered objects by policies of its own. Exactly one of `kyverno`,
    `conftest`, `gator` and `command` says which."""

    kyverno: Annotated[
        tuple[str, ...],
        Setting(
            "Kyverno policies, checked by `kyverno apply`: files or folders.",
            kind="path-or-list",
            example=["policies/kyverno"],
        ),
    ] = ()
    conftest: Annotated[
        tuple[str, ...],
        Setting(
            "Rego policies, checked by `conftest test`: files or folders.", kind="path-or-list"
        ),
    ] = ()
    gator: Annotated[
        tuple[str, ...],
        Setting(
            "Gatekeeper templates and constraints, checked by `gator test`: files or folders.",
            kind="path-or-list",
        ),
    ] = ()
    command: Annotated[
        tuple[str, ...],
        Setting(
            "Another program and its words, in which `{objects}` stands for the folder with the "
            "objects. It runs in a folder of its own, where `files` stand at their usual paths.",
        ),
    ] = ()
    name: Annotated[
        str,
        Setting(
            "What its rules are called: `policy/NAME.POLICY`. By default the engine's own name, or "
            "the program's.",
            kind="policy-name",
            example="kyverno",
        ),
    ] = ""
    format: Annotated[
        str, Setting("What the command prints on stdout.", choices=("sarif", "json"))
    ] = "sarif"
    exit_codes: Annotated[
        tuple[int, ...],
        Setting("The exit codes, beside 0, with which the command says that it found something."),
    ] = (1,)
    files: Annotated[
        tuple[str, ...],
        Setting(
            "Further files or folders of the repository that the engine needs.",
            kind="path-or-list",
        ),
    ] = ()
    arguments: Annotated[
        tuple[str, ...],
        Setting("Further words for kyverno, conftest or gator.", example=["--v", "0"]),
    ] = ()
    namespaces: Annotated[
        tuple[str, ...],
        Setting("The Rego namespaces that conftest asks, `*` for all; by default `main`."),
    ] = ()
    severity: Annotated[
        str,
        Setting("What a violation weighs when the engine does not say it.", choices=SEVERITY_WORDS),
    ] = "error"
    secrets: Annotated[
        str,
        Setting(
            "Whether the engine sees the values of Secrets, or placeholders in their place.",
            choices=("masked", "plain"),
        ),
    ] = "masked"
    timeout: Annotated[
        float,
        Setting(
            "Time limit of one run; `0s` means `render.timeout`.", kind="duration", example="2m"
        ),
    ] = 0.0


ENGINE_KEYS = ("kyverno", "conftest", "gator", "command")
"""The keys of which an engine has exactly one."""


class SchemaRule(Struct, frozen=True):
    """A JSON Schema that files of the repository have to fulfil."""

    files: Annotated[
        tuple[str, ...],
        Setting(
            "The files, as globs.", required=True, kind="glob-or-list", example=["values*.yaml"]
        ),
    ] = ()
    schema: Annotated[
        str,
        Setting(
            "The file that holds the schema, in JSON or YAML.",
            required=True,
            kind="path",
            example="policies/values.schema.json",
        ),
    ] = ""
    rule: Annotated[
        str,
        Setting(
            "What the rule is called: `policy/NAME`. By default the name of the schema's file.",
            kind="policy-name",
            example="values",
        ),
    ] = ""
    message: Annotated[
        str, Setting("What to say to somebody who breaks it, before what is wrong.")
    ] = ""
    severity: Annotated[str, Setting("What a fault weighs.", choices=SEVERITY_WORDS)] = "error"
