"""Config sections of the moving half: promotion, gates, freeze, pull requests, sites."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct, field

from gitops_ci.config.setting import Setting

_HOUR = 3600.0


class Site(Struct, frozen=True):
    """A place that holds a version which the built-in knowledge does not find."""

    file: Annotated[
        str,
        Setting(
            "The file, a layout pattern.",
            kind="layout",
            required=True,
            example="appsets/{app}.yaml",
        ),
    ] = ""
    select: Annotated[
        str,
        Setting(
            "The way to the mapping inside the file; `[key=value]` picks a list item.",
            example="spec.generators[*].list.elements[env={env}]",
        ),
    ] = ""
    keys: Annotated[
        tuple[str, ...], Setting("The keys that hold the version.", example=["tag"])
    ] = ()


class Pins(Struct, frozen=True):
    """Which kinds of pinned versions move."""

    images: Annotated[tuple[str, ...], Setting("Image repositories, as globs.", kind="glob")] = (
        "*",
    )
    charts: Annotated[bool, Setting("Whether chart versions move.")] = True
    git_refs: Annotated[bool, Setting("Whether git refs move, from tag or SHA to tag or SHA.")] = (
        True
    )


class ValuesRule(Struct, frozen=True):
    """Keys of value files that move with the version."""

    file: Annotated[
        str, Setting("The value files, a glob.", kind="glob", required=True, example="values*.yaml")
    ] = ""
    keys: Annotated[
        tuple[str, ...],
        Setting("The keys, dotted, `*` for one step.", example=["image.tag", "config.features.*"]),
    ] = ()


class Never(Struct, frozen=True):
    """What a promotion leaves alone."""

    keys: Annotated[
        tuple[str, ...], Setting("Keys, dotted, `*` for one step.", example=["replicas"])
    ] = ()
    files: Annotated[
        tuple[str, ...], Setting("Files, as globs.", kind="glob", example=["**/ingress*.yaml"])
    ] = ()


class PromoteConfig(Struct, frozen=True):
    """What moves from one environment to the next."""

    candidate: Annotated[
        str,
        Setting(
            "Which version of the source's history moves: the newest that met its gates, or simply "
            "the newest.",
            choices=("newest-eligible", "newest"),
        ),
    ] = "newest-eligible"
    pins: Annotated[Pins, Setting("Which pinned versions move.")] = field(default_factory=Pins)
    values: Annotated[tuple[ValuesRule, ...], Setting("Keys of value files that move too.")] = ()
    files: Annotated[
        tuple[str, ...], Setting("Whole files that move.", kind="glob", example=["dashboards/**"])
    ] = ()
    never: Annotated[Never, Setting("What never moves.")] = field(default_factory=Never)


class CheckGate(Struct, frozen=True):
    """A check that has to be green."""

    name: Annotated[
        str, Setting("Its name; `{app}` and `{env}` are filled in.", example="e2e/{app}")
    ] = ""
    on: Annotated[
        str,
        Setting(
            "Where it ran: on a commit where the candidate stood in the source, on the pull "
            "request, as a deployment, or on the commit that each image was built from.",
            choices=("source", "pr", "deployment", "image"),
        ),
    ] = "source"


class SignedBy(Struct, frozen=True):
    """Whose signature an image needs."""

    issuer: Annotated[
        str, Setting("The OIDC issuer.", required=True, example="https://issuer.example")
    ] = ""
    identity: Annotated[
        str, Setting("The signer's identity.", required=True, example="release@example")
    ] = ""


class Scan(Struct, frozen=True):
    """A vulnerability scan that has to be good enough."""

    sarif: Annotated[
        str, Setting("The SARIF file.", required=True, example="scans/{app}.sarif")
    ] = ""
    max: Annotated[
        str,
        Setting(
            "The highest severity that passes.",
            choices=("none", "low", "medium", "high", "critical"),
        ),
    ] = "high"


class ImageGate(Struct, frozen=True):
    """What is asked of the image that a change brings."""

    exists: Annotated[bool, Setting("Whether the registry has to hold it.", example=True)] = False
    platforms: Annotated[
        tuple[str, ...], Setting("Platforms that it has to offer.", example=["linux/amd64"])
    ] = ()
    signed_by: Annotated[SignedBy | None, Setting("Whose signature it needs.")] = None
    scan: Annotated[Scan | None, Setting("The scan that it has to pass.")] = None


class Approvals(Struct, frozen=True):
    """Who has to agree, on exactly this head."""

    count: Annotated[int, Setting("How many.", minimum=0, example=2)] = 1
    people: Annotated[
        tuple[str, ...],
        Setting(
            "Users or teams that count; anybody with write access when empty.",
            name="from",
            kind="owner",
            example=["@org/sre"],
        ),
    ] = ()
    not_author: Annotated[
        bool, Setting("Whether whoever authored, triggered or pushed what is carried is left out.")
    ] = True


class WindowOverride(Struct, frozen=True):
    """How a change passes outside the windows."""

    label: Annotated[
        str, Setting("The label that asks for it.", required=True, example="emergency")
    ] = ""
    by: Annotated[
        tuple[str, ...],
        Setting("Who may set it.", kind="owner", required=True, example=["@org/oncall"]),
    ] = ()
    reason: Annotated[
        str, Setting("Whether a reason has to be given.", choices=("required", "optional"))
    ] = "required"
    duration: Annotated[float, Setting("How long it holds.", name="for", kind="duration")] = (
        2 * _HOUR
    )


class Windows(Struct, frozen=True):
    """When changes may go in."""

    timezone: Annotated[
        str, Setting("The IANA time zone of the windows.", kind="timezone", example="Europe/Berlin")
    ] = "UTC"
    allow: Annotated[
        tuple[str, ...],
        Setting(
            "Open times of the week; always open when empty.",
            kind="window",
            example=["Mon-Thu 09:00-16:00"],
        ),
    ] = ()
    deny: Annotated[
        tuple[str, ...],
        Setting(
            "Closed ranges of the year or week; they win.", kind="window", example=["12-20..01-03"]
        ),
    ] = ()
    override: Annotated[WindowOverride | None, Setting("The way round.")] = None


class MetricGate(Struct, frozen=True):
    """A measurement that has to be good."""

    prometheus: Annotated[
        str,
        Setting(
            "Address of the Prometheus server.", required=True, example="https://prometheus.example"
        ),
    ] = ""
    query: Annotated[
        str, Setting("The query; it has to give one number.", required=True, example="error_ratio")
    ] = ""
    below: Annotated[float | None, Setting("The number has to be below this.", example=0.01)] = None
    above: Annotated[float | None, Setting("The number has to be above this.")] = None


class HttpGate(Struct, frozen=True):
    """A JSON document whose values have to be good, each of those that `path` finds."""

    url: Annotated[
        str,
        Setting(
            "Its address; `{app}` and `{env}` are filled in behind the host. Redirects are not "
            "followed.",
            kind="endpoint",
            required=True,
            example="https://health.example/{env}/{app}",
        ),
    ] = ""
    path: Annotated[
        str,
        Setting(
            "The JSONPath (RFC 9535) of the values: names, indexes, slices, `*`, descendants, and "
            "filters that compare with one literal.",
            kind="json-path",
            required=True,
            example="$.parts[*].status",
        ),
    ] = ""
    equals: Annotated[
        tuple[str, ...],
        Setting(
            "The values that are good, as texts; `true` where neither this nor a limit is given.",
            kind="word-or-list",
            example=["ok"],
        ),
    ] = ()
    below: Annotated[float | None, Setting("A number below this is good.")] = None
    above: Annotated[float | None, Setting("A number above this is good.")] = None


class RollbackGate(Struct, frozen=True):
    """What a rollback still needs; it passes soak, windows, freeze and minInterval."""

    approvals: Annotated[Approvals | None, Setting("Who has to agree.")] = None


class Gate(Struct, frozen=True):
    """What a change to an environment or group has to fulfil."""

    soak: Annotated[
        float,
        Setting(
            "How long the candidate has to have stood in the source.",
            kind="duration",
            example="24h",
        ),
    ] = 0.0
    checks: Annotated[tuple[CheckGate, ...], Setting("Checks that have to be green.")] = ()
    image: Annotated[ImageGate | None, Setting("What is asked of the image.")] = None
    approvals: Annotated[Approvals | None, Setting("Who has to agree.")] = None
    windows: Annotated[Windows | None, Setting("When changes may go in.")] = None
    min_interval: Annotated[
        float, Setting("Least time between two changes.", kind="duration", example="1h")
    ] = 0.0
    metrics: Annotated[tuple[MetricGate, ...], Setting("Measurements that have to be good.")] = ()
    http: Annotated[tuple[HttpGate, ...], Setting("JSON documents that have to be good.")] = ()
    rollback: Annotated[RollbackGate | None, Setting("What a rollback needs.")] = None


class FreezeConfig(Struct, frozen=True):
    """Where a freeze is announced; read from the tip of the base."""

    file: Annotated[str, Setting("The file whose presence freezes.", kind="path")] = (
        ".gitops-ci/FREEZE"
    )
    variable: Annotated[str, Setting("The variable whose value freezes.")] = "GITOPS_CI_FREEZE"


class PullRequestConfig(Struct, frozen=True):
    """How changes are proposed."""

    unit: Annotated[
        str,
        Setting("What one pull request carries.", choices=("app", "group", "team", "environment")),
    ] = "app"
    branch: Annotated[str, Setting("Its branch.", kind="template")] = (
        "gitops-ci/{kind}/{env}/{unit}"
    )
    title: Annotated[str, Setting("Its title.", kind="template")] = (
        "chore({env}): promote {unit} {from} to {to}"
    )
    labels: Annotated[tuple[str, ...], Setting("Its labels.", example=["promotion"])] = ()
    reviewers: Annotated[
        tuple[str, ...],
        Setting("Who is asked: `codeowners`, or a list of users and teams.", kind="word-or-list"),
    ] = ("codeowners",)
    max_open: Annotated[int, Setting("How many may be open at once.", minimum=1)] = 20
    automerge: Annotated[bool, Setting("Whether it merges itself once everything is green.")] = (
        False
    )
    keep_approved: Annotated[
        bool, Setting("Whether one that is approved stays as it is when there is something newer.")
    ] = False
    closed_by_human: Annotated[
        str, Setting("What happens after a person closed it.", choices=("respect", "reopen"))
    ] = "respect"
    on_human_commits: Annotated[
        str,
        Setting("What happens when a person pushed to its branch.", choices=("stop", "overwrite")),
    ] = "stop"
