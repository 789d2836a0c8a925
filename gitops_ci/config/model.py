"""The configuration as typed values. Field names are the YAML names in snake_case; durations are
seconds. Everything has a default: `Config()` is the zero configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct, field

from gitops_ci.config.model_checks import (
    ExceptionsConfig,
    Existing,
    Override,
    OverrideMatch,
    PolicyConfig,
    RenderConfig,
    ReportConfig,
    RootRule,
    SecretsConfig,
    ValidateConfig,
)
from gitops_ci.config.model_promotion import (
    FreezeConfig,
    Gate,
    PromoteConfig,
    PullRequestConfig,
    Site,
)
from gitops_ci.config.setting import Setting

__all__ = [
    "App",
    "Cluster",
    "ClustersFrom",
    "Config",
    "Environment",
    "EnvironmentMatch",
    "ExceptionsConfig",
    "Existing",
    "FreezeConfig",
    "Gate",
    "Group",
    "Override",
    "OverrideMatch",
    "PolicyConfig",
    "PromoteConfig",
    "PullRequestConfig",
    "RenderConfig",
    "ReportConfig",
    "RootRule",
    "SecretsConfig",
    "Site",
    "Sources",
    "ValidateConfig",
    "Versions",
    "Wave",
]

CONVENTIONAL = "conventional"
"""A value of `commits`."""


class Sources(Struct, frozen=True):
    """The environments that a change comes from: all of `names` together, or any one of them."""

    names: tuple[str, ...] = ()
    any: bool = False


class EnvironmentMatch(Struct, frozen=True):
    """How a deployer's object is known to belong to the environment. All are globs; everything
    that is written has to match."""

    project: Annotated[str, Setting("The Argo CD project.", kind="glob", example="prod")] = ""
    cluster: Annotated[
        str, Setting("The destination's cluster name.", kind="glob", example="prod-*")
    ] = ""
    server: Annotated[
        str, Setting("The destination's server address.", kind="glob", example="https://prod*")
    ] = ""
    namespace: Annotated[
        str, Setting("The destination's namespace.", kind="glob", example="shop-*")
    ] = ""


class Wave(Struct, frozen=True):
    """One step of a rollout inside an environment."""

    clusters: Annotated[tuple[str, ...], Setting("The clusters, by name.", example=["eu-1"])] = ()
    percent: Annotated[
        float | None,
        Setting("Or a share of the clusters.", kind="percent", minimum=0, maximum=100, example=25),
    ] = None


class Environment(Struct, frozen=True):
    """A node of the environment graph."""

    sources: Annotated[
        Sources,
        Setting(
            "Where its versions come from: `[a, b]` = all of them, `{any: [a, b]}` = any of them.",
            name="from",
            kind="sources",
            example=["staging"],
        ),
    ] = field(default_factory=Sources)
    paths: Annotated[
        tuple[str, ...],
        Setting(
            "Its files, when no layout says so; layout patterns.",
            kind="layout",
            example=["components/{app}/*/prod"],
        ),
    ] = ()
    protected: Annotated[
        bool | None,
        Setting(
            "Whether mistakes weigh more here; by default the last environments of the graph and "
            "names like prod, production, live.",
            example=True,
        ),
    ] = None
    branch: Annotated[
        str | None, Setting("Its branch, when not the default one.", example="main")
    ] = None
    repo: Annotated[str | None, Setting("Its repository, when not this one.")] = None
    match: Annotated[EnvironmentMatch, Setting("How its deployers are known.")] = field(
        default_factory=EnvironmentMatch
    )
    waves: Annotated[tuple[Wave, ...], Setting("The steps of a rollout.")] = ()
    pr: Annotated[
        PullRequestConfig | None,
        Setting(
            "Other pull request settings; what is not written here comes from the top-level `pr`.",
            inherits="pr",
        ),
    ] = None


class Versions(Struct, frozen=True):
    """How the newest version of an app's images is found by `bump --latest`."""

    order: Annotated[
        str,
        Setting(
            "By what the newest is known; `newest-build` asks each image for its time.",
            choices=("semver", "alphabetical", "numerical", "newest-build"),
        ),
    ] = "semver"
    range: Annotated[
        str, Setting("Only semantic versions in this range.", example=">=1.4.0 <2.0.0")
    ] = ""
    pattern: Annotated[
        str,
        Setting("Only tags that match this regular expression.", example="^main-(?P<build>\\d+)$"),
    ] = ""
    extract: Annotated[
        str, Setting("What of the tag is compared: a group of the pattern.", example="$build")
    ] = ""
    prereleases: Annotated[bool, Setting("Whether pre-releases count.")] = False
    minimum_age: Annotated[
        float, Setting("How old an image has to be.", kind="duration", example="3d")
    ] = 0.0


class App(Struct, frozen=True):
    """What is known about an app. The entry `defaults` fills what an app does not say."""

    images: Annotated[
        tuple[str, ...],
        Setting(
            "Its image repositories, as globs.", kind="glob", example=["registry.example/{app}*"]
        ),
    ] = ()
    owners: Annotated[
        tuple[str, ...], Setting("Its owners.", kind="owner", example=["@org/pay"])
    ] = ()
    callers: Annotated[
        tuple[str, ...],
        Setting(
            "The accounts that may ask from outside for a bump of it, by dispatching a workflow or "
            "with a trigger token; everybody whom the forge lets do that when empty.",
            example=["shop-releases[bot]"],
        ),
    ] = ()
    repository: Annotated[
        str,
        Setting(
            "The web address of its source repository, for links that compare two versions.",
            example="https://github.com/org/{app}",
        ),
    ] = ""
    versions: Annotated[
        Versions | None, Setting("Which of their versions is the newest; semantic ones by default.")
    ] = None


class Group(Struct, frozen=True):
    """Apps that belong together."""

    apps: Annotated[
        tuple[str, ...],
        Setting("Their names, as globs.", required=True, kind="glob", example=["cart", "payments"]),
    ] = ()
    atomic: Annotated[bool, Setting("Whether they move only together.", example=True)] = False


class Cluster(Struct, frozen=True):
    """A cluster of an environment."""

    name: Annotated[str, Setting("Its name.", required=True, example="eu-1")] = ""
    environment: Annotated[str, Setting("Its environment.", required=True, example="prod")] = ""
    labels: Annotated[
        dict[str, str], Setting("Labels that generators select by.", example={"region": "eu"})
    ] = field(default_factory=dict)
    kubernetes: Annotated[
        str | None, Setting("Its Kubernetes version.", kind="kubernetes", example="1.32")
    ] = None


class ClustersFrom(Struct, frozen=True):
    """Where clusters are read from instead of a list."""

    config_map: Annotated[str | None, Setting("Files with ConfigMaps, a glob.", kind="glob")] = None
    secrets: Annotated[
        str | None, Setting("Files with Argo CD cluster Secrets, a glob.", kind="glob")
    ] = None


class Config(Struct, frozen=True):
    """The whole configuration."""

    version: Annotated[int, Setting("The version of this format.", minimum=1, maximum=1)] = 1
    extends: Annotated[
        tuple[str, ...],
        Setting(
            "Local files that this one builds on; a later one wins, this one wins over all.",
            example=[".platform/gitops-ci-base.yaml"],
        ),
    ] = ()
    kubernetes: Annotated[
        tuple[str, ...],
        Setting(
            "The Kubernetes versions to check against; by default those of the clusters, else the "
            "two newest ones on board.",
            kind="kubernetes",
            example=["1.32", "1.34"],
        ),
    ] = ()
    ignore: Annotated[
        tuple[str, ...], Setting("Files to leave out.", kind="glob", example=["vendor/**"])
    ] = ()
    layouts: Annotated[
        tuple[str, ...],
        Setting(
            "Where apps and environments lie; `{name}` and `*` are one path segment, `**` is any "
            "number of them.",
            kind="layout",
            example=["apps/{app}/overlays/{env}", "clusters/{env}/{cluster}/{app}"],
        ),
    ] = ()
    environments: Annotated[
        dict[str, Environment],
        Setting("The environment graph.", example=("dev", "staging", "prod")),
    ] = field(default_factory=dict)
    apps: Annotated[
        dict[str, App],
        Setting(
            "The apps by name, and their `defaults`.",
            kind="defaults",
            example=("defaults", "payments"),
        ),
    ] = field(default_factory=dict)
    groups: Annotated[
        dict[str, Group], Setting("Groups of apps by name.", example=("checkout",))
    ] = field(default_factory=dict)
    roots: Annotated[tuple[RootRule, ...], Setting("Further roots to render.")] = ()
    clusters: Annotated[tuple[Cluster, ...], Setting("The clusters.")] = ()
    clusters_from: Annotated[ClustersFrom | None, Setting("Where clusters are read from.")] = None
    sites: Annotated[tuple[Site, ...], Setting("Further places that hold versions.")] = ()
    render: Annotated[RenderConfig, Setting("How roots become objects.")] = field(
        default_factory=RenderConfig
    )
    promote: Annotated[PromoteConfig, Setting("What moves between environments.")] = field(
        default_factory=PromoteConfig
    )
    gates: Annotated[
        dict[str, Gate],
        Setting(
            "What changes have to fulfil, by environment or group; the environment's own wins.",
            example=("prod",),
        ),
    ] = field(default_factory=dict)
    commits: Annotated[
        str,
        Setting(
            "How commits of a change have to be written; `conventional` is Conventional Commits.",
            choices=("any", CONVENTIONAL),
        ),
    ] = "any"
    freeze: Annotated[FreezeConfig, Setting("Where a freeze is announced.")] = field(
        default_factory=FreezeConfig
    )
    pr: Annotated[PullRequestConfig, Setting("How changes are proposed.")] = field(
        default_factory=PullRequestConfig
    )
    policy: Annotated[PolicyConfig, Setting("Which rules run.")] = field(
        default_factory=PolicyConfig
    )
    overrides: Annotated[
        tuple[Override, ...], Setting("Other severities for parts of the repository.")
    ] = ()
    secrets: Annotated[SecretsConfig, Setting("How secrets are searched.")] = field(
        default_factory=SecretsConfig
    )
    validate: Annotated[ValidateConfig, Setting("How schemas are checked.")] = field(
        default_factory=ValidateConfig
    )
    exceptions: Annotated[ExceptionsConfig, Setting("Where exceptions live.")] = field(
        default_factory=ExceptionsConfig
    )
    report: Annotated[ReportConfig, Setting("What blocks and how it is shown.")] = field(
        default_factory=ReportConfig
    )
