"""Only kernel settings that stay inside the pod."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items, text

RULE = Rule(
    "pss/sysctls",
    "A kernel setting that does not stay inside the pod",
    Severity.ERROR,
    "Other settings change the kernel for everything on the node, or switch protection off.",
    BASELINE,
)
SINCE = 0
REPLACES = ""

_SAFE_SINCE = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
    "net.ipv4.tcp_slow_start_after_idle": 37,
    "net.ipv4.tcp_notsent_lowat": 37,
}
"""The settings that count as safe, with the minor version from which they do."""


def check(pod: PodView, minor: int) -> Iterator[Fault]:
    """A fault for each setting that is not safe in the version."""
    context = pod.context
    for index, setting in enumerate(items(context.value, "sysctls")):
        name = text(setting, "name")
        since = _SAFE_SINCE.get(name)
        if not name or is_opaque(name) or (since is not None and minor >= since):
            continue
        hint = f"allowed from Kubernetes 1.{since} on" if since is not None else "remove it"
        route = context.where("sysctls", index, "name")
        yield Fault(RULE, route, f"the pod sets the kernel setting {name}", hint)
