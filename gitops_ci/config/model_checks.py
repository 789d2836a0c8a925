"""Config sections of the checking half: render, validate, policy, secrets, overrides, report."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct, field

from gitops_ci.config.model_policy import EngineConfig, SchemaRule
from gitops_ci.config.setting import Setting
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import REASONS, SkipClass

SEVERITIES = ("error", "warning", "note")
OFF = "off"
"""The word that switches a rule off."""

OBSERVE = "observe"
"""The mode of an override that shows findings without letting them block."""

DEFAULT_PACKS = ("pss-baseline", "images", "rbac", "gitops")
PACKS = (
    "pss-baseline",
    "pss-restricted",
    "reliability",
    "images",
    "rbac",
    "network",
    "gitops",
    "supply-chain",
)

_MINUTE = 60.0


def _reasons(klass: SkipClass) -> tuple[str, ...]:
    return tuple(reason for reason, its in REASONS.items() if its is klass)


class RootRule(Struct, frozen=True):
    """Something to render that discovery cannot see, such as a chart with values elsewhere."""

    chart: Annotated[
        str,
        Setting("The chart's directory, a layout pattern.", kind="layout", example="charts/{app}"),
    ] = ""
    path: Annotated[
        str, Setting("A directory to render instead of a chart, a layout pattern.", kind="layout")
    ] = ""
    values: Annotated[
        tuple[str, ...],
        Setting(
            "Value files in order; a trailing `?` allows the file to be missing.",
            example=["charts/{app}/values.yaml", "envs/{env}/{app}.yaml?"],
        ),
    ] = ()
    release: Annotated[
        str, Setting("The Helm release name.", kind="layout-text", example="{app}")
    ] = ""
    namespace: Annotated[
        str, Setting("The namespace of the release.", kind="layout-text", example="{app}")
    ] = ""
    environment: Annotated[str, Setting("The environment, when the pattern does not tell it.")] = ""


class RenderConfig(Struct, frozen=True):
    """How roots become objects."""

    engine: Annotated[
        str,
        Setting(
            "Which kustomize engine renders; `both` compares them.",
            choices=("auto", "native", "kustomize", "both"),
        ),
    ] = "auto"
    load_restrictor: Annotated[
        str,
        Setting(
            "Whether a kustomization may load files from outside its directory; `auto` does what "
            "the deployer that points to it does.",
            choices=("auto", "root-only", "none"),
        ),
    ] = "auto"
    helm: Annotated[bool, Setting("Whether charts are rendered.")] = True
    timeout: Annotated[float, Setting("Time limit of one external command.", kind="duration")] = (
        _MINUTE
    )


class Existing(Struct, frozen=True):
    """An object that exists in the cluster although no file of the repository defines it."""

    kind: Annotated[str, Setting("Its kind.", required=True, example="Secret")] = ""
    name: Annotated[str, Setting("Its name, a glob.", example="*-tls")] = "*"
    namespace: Annotated[str, Setting("Its namespace, a glob.")] = "*"


class ValidateConfig(Struct, frozen=True):
    """How objects are checked against their schemas."""

    engine: Annotated[
        str, Setting("Which validator checks the schemas.", choices=("embedded", "kubeconform"))
    ] = "embedded"
    missing_schema: Annotated[
        str, Setting("What a kind without a schema gives.", choices=("error", "warn", "skip"))
    ] = "warn"
    crds: Annotated[
        tuple[str, ...],
        Setting(
            "Further files that hold CustomResourceDefinitions.",
            kind="glob",
            example=["**/crds/**"],
        ),
    ] = ()
    require: Annotated[
        tuple[str, ...],
        Setting(
            "Reasons of class external that block nevertheless.",
            choices=_reasons(SkipClass.EXTERNAL),
            example=["remote-base"],
        ),
    ] = ()
    allow_incomplete: Annotated[
        tuple[str, ...],
        Setting(
            "Reasons of class incomplete that are accepted.",
            choices=_reasons(SkipClass.INCOMPLETE),
            example=["missing-tool"],
        ),
    ] = ()
    exists: Annotated[
        tuple[Existing, ...], Setting("Objects that references may name without a file.")
    ] = ()


class PolicyConfig(Struct, frozen=True):
    """Which rules run, and what they weigh."""

    packs: Annotated[
        tuple[str, ...],
        Setting(
            "Built-in rule packs; `@v1.32` pins the Kubernetes version of a Pod Security pack.",
            kind="pack",
        ),
    ] = DEFAULT_PACKS
    rules: Annotated[
        dict[str, Severity | None],
        Setting(
            "The severity of single rules; `off` switches one off.",
            kind="severity",
            example={"image/mutable-tag": "error"},
        ),
    ] = field(default_factory=dict)
    registries: Annotated[
        tuple[str, ...],
        Setting(
            "Where images may come from: globs of image names. Empty: from everywhere.",
            kind="glob",
            example=["ghcr.io/org/*", "registry.k8s.io/*"],
        ),
    ] = ()
    digests: Annotated[
        tuple[str, ...],
        Setting(
            "Environments in which every image has to be named by its digest; globs.",
            kind="glob",
            example=["prod"],
        ),
    ] = ()
    custom: Annotated[
        tuple[str, ...],
        Setting(
            "Folders or files with admission policies in CEL: ValidatingAdmissionPolicy, Kyverno.",
            kind="glob",
            example=["policies/"],
        ),
    ] = ()
    from_repo: Annotated[
        bool, Setting("Whether admission policies that the repository deploys hold too.")
    ] = False
    engines: Annotated[
        tuple[EngineConfig, ...], Setting("Programs that judge the rendered objects too.")
    ] = ()
    schemas: Annotated[
        tuple[SchemaRule, ...], Setting("JSON Schemas for files of any kind, values included.")
    ] = ()


class OverrideMatch(Struct, frozen=True):
    """Where an override holds: everything that is written has to match. All are globs."""

    environment: Annotated[str, Setting("Name of the environment.", kind="glob", example="dev")] = (
        ""
    )
    group: Annotated[str, Setting("Name of the group.", kind="glob", example="checkout")] = ""
    app: Annotated[str, Setting("Name of the app.", kind="glob", example="pay*")] = ""
    path: Annotated[
        str, Setting("Path of the file or of its root.", kind="glob", example="apps/**")
    ] = ""
    namespace: Annotated[
        str, Setting("Namespace of the object.", kind="glob", example="shop-*")
    ] = ""


class Override(Struct, frozen=True):
    """Other rules for a part of the repository; of several that match the last one wins."""

    match: Annotated[OverrideMatch, Setting("Where it holds.")] = field(
        default_factory=OverrideMatch
    )
    rules: Annotated[
        dict[str, Severity | None],
        Setting(
            "The severity of single rules there.",
            kind="severity",
            example={"image/mutable-tag": "note"},
        ),
    ] = field(default_factory=dict)
    packs: Annotated[
        tuple[str, ...] | None,
        Setting(
            "The packs that run there instead of those of `policy.packs`.",
            kind="pack-name",
            example=["pss-baseline", "images"],
        ),
    ] = None
    mode: Annotated[
        str | None,
        Setting(
            "`observe` shows findings but never lets them block; `enforce` takes that back.",
            choices=("enforce", OBSERVE),
            example="observe",
        ),
    ] = None


class SecretsConfig(Struct, frozen=True):
    """How the repository is searched for secrets."""

    scope: Annotated[
        str,
        Setting(
            "Which files are searched: those that git tracks, all of them, or what fits the run.",
            choices=("auto", "tracked", "all"),
        ),
    ] = "auto"
    allow_inline: Annotated[bool, Setting("Whether a comment on the line may allow a finding.")] = (
        True
    )


class ExceptionsConfig(Struct, frozen=True):
    """Where exceptions are written, and whose approval makes a new one count."""

    files: Annotated[tuple[str, ...], Setting("Files that hold exceptions.", kind="glob")] = (
        ".gitops-ci/exceptions/*.yaml",
    )
    approvers: Annotated[
        tuple[str, ...],
        Setting(
            "Users (`@name`) or teams (`@org/team`) whose approval lets a suppression count that "
            "the change itself adds.",
            kind="owner",
            example=["@org/security"],
        ),
    ] = ()


class ReportConfig(Struct, frozen=True):
    """What blocks, and how results appear on the pull request."""

    fail_on: Annotated[
        str, Setting("The least severity that blocks.", choices=(*SEVERITIES, "never"))
    ] = "error"
    fail_on_existing: Annotated[
        bool, Setting("Whether findings that stand at the merge base block too.")
    ] = False
    comment: Annotated[
        str,
        Setting(
            "The summary comment: one that is kept up to date, a new one per run, or none.",
            choices=("sticky", "new", "off"),
        ),
    ] = "sticky"
    inline: Annotated[
        str, Setting("The one inline channel.", choices=("review", "annotations", "off"))
    ] = "review"
    max_inline: Annotated[int, Setting("How many inline remarks at most.", minimum=0)] = 30
