"""AppArmor stays on: by the field, and by the annotation that came before it."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import mapping

RULE = Rule(
    "pss/app-armor",
    "A pod that switches AppArmor off, or names a profile in a way that is not allowed",
    Severity.ERROR,
    "The default profile keeps a container from writing to what the node's kernel exposes; without"
    " it one bug less is needed to leave the container.",
    BASELINE,
)
SINCE = 0
REPLACES = ""

_PREFIX = "container.apparmor.security.beta.kubernetes.io/"
_TYPES = ("RuntimeDefault", "Localhost")
_HINT = "use RuntimeDefault or Localhost, or remove it: the default profile is applied"


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each profile that is neither the default nor one of the node's own. The field is
    judged in every version of the standard, as upstream does."""
    for context in pod.contexts:
        kind = context.at("appArmorProfile", "type")
        if isinstance(kind, str) and kind not in _TYPES and not is_opaque(kind):
            route = context.where("appArmorProfile", "type")
            remedy = Remedy("use the runtime's profile", route, "RuntimeDefault")
            message = f"{context.who} sets the AppArmor profile '{kind}'"
            yield Fault(RULE, route, message, _HINT, remedy=remedy)
    for name, profile in mapping(pod.metadata, "annotations").items():
        if not isinstance(profile, str) or not str(name).startswith(_PREFIX):
            continue
        if profile in ("", "runtime/default") or profile.startswith("localhost/"):
            continue
        if not is_opaque(profile):
            route = (*pod.metadata_route, "annotations", name)
            message = f"an annotation sets the AppArmor profile '{profile}'"
            yield Fault(RULE, route, message, "use runtime/default or localhost/…, or remove it")
