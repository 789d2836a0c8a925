"""Every command. A new step is one module and one line here; `make generate` does the rest."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from msgspec import Struct

from gitops_ci.steps.job_outputs import ALONE, CHANGED, PROPOSALS, VERDICT

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


class Step(Protocol):
    """What a step's module holds."""

    Inputs: type
    """A frozen dataclass whose fields are declared with `option`."""

    def run(self, inputs: Any, world: World) -> int:
        """Do the work and return the exit code; results go to `world.sink`."""
        ...


class Entry(Struct, frozen=True):
    """One command: its words, one sentence for `--help`, and the module that does it. Modules are
    imported when they are used, so that `--help` stays fast. A command with `outputs` is an action
    and a GitLab component of its own."""

    name: str
    summary: str
    module: str
    outputs: tuple[str, ...] = ()

    def load(self) -> Step:
        """The step's module."""
        return cast("Step", import_module(f"gitops_ci.steps.{self.module}"))


STEPS = (
    Entry("check", "render every root, run all checks, give one verdict", "check", VERDICT),
    Entry("validate", "only the schema and render checks of `check`", "validate", VERDICT),
    Entry("secrets", "only the secret scan of `check`", "secrets", VERDICT),
    Entry("policy", "only the policy rules of `check`", "policy", VERDICT),
    Entry("render", "print what kustomize or a controller would apply", "render"),
    Entry("diff", "what a change does to the rendered objects, per environment", "diff", CHANGED),
    Entry(
        "bump",
        "set versions of images, charts and git sources at all their sites",
        "bump",
        PROPOSALS,
    ),
    Entry(
        "promote",
        "carry what stood the test in one environment to the next",
        "promote",
        PROPOSALS,
    ),
    Entry(
        "report",
        "put saved reports together, bring the pull request up to date, give the verdict",
        "report",
        VERDICT,
    ),
    Entry("gate", "may the change go into the environments that it touches, now", "gate", VERDICT),
    Entry("doctor", "is the gate enforced, and what is missing around it", "doctor", ALONE),
    Entry(
        "rollback",
        "bring an environment back to what stood there before, and keep it there",
        "rollback",
        PROPOSALS,
    ),
    Entry("status", "which version stands where, and what each next step waits for", "status"),
    Entry("hold", "keep an app where it is in an environment", "hold"),
    Entry("unhold", "let an app move again", "unhold"),
    Entry("freeze", "let nothing move into some environments, or into any", "freeze"),
    Entry("unfreeze", "let versions move again", "unfreeze"),
    Entry("init", "write a configuration inferred from the repository", "init"),
    Entry("explain", "what a rule means, or which roots a line of a file reaches", "explain"),
    Entry("baseline create", "accept today's findings, to block only new ones", "baseline_create"),
    Entry("baseline prune", "remove baseline entries that are fixed", "baseline_prune"),
    Entry("rules list", "every rule with its severity", "rules_list"),
    Entry("rules test", "run the test files of policies", "rules_test"),
    Entry("schemas list", "the kinds that can be validated", "schemas_list"),
    Entry("schemas show", "the fields of one kind", "schemas_show"),
    Entry("schemas add", "add the schema of a custom resource", "schemas_add"),
    Entry("charts fetch", "fetch the pinned remote charts and bases", "charts_fetch"),
    Entry("tools install", "fetch the pinned kubeconform, kustomize and helm", "tools_install"),
    Entry("tools list", "which external programs are found, and where", "tools_list"),
    Entry(
        "config explain", "which setting wins for a path, and where it was set", "config_explain"
    ),
    Entry("config schema", "the JSON Schema of the configuration file", "config_schema"),
)


def entry(name: str) -> Entry:
    """The entry called `name`. Raises KeyError."""
    return next(item for item in STEPS if item.name == name)
