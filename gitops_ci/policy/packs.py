"""Every pack and every rule in it. A new rule is one module and one word here."""

from __future__ import annotations

from msgspec import Struct


class Pack(Struct, frozen=True):
    """A named set of rules that is switched on together. The words are modules below `folder`:
    `objects` judge one object, `together` the objects of an environment side by side, `across`
    those of several environments, `pods` one pod by a version of the Pod Security Standards,
    `files` kustomizations as they are written. A word with a dot is a rule of another folder.
    `includes` names a pack that is part of it.
    """

    name: str
    folder: str
    objects: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    pods: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    includes: str = ""


PACKS = (
    Pack(
        "pss-baseline",
        "pss",
        pods=(
            "app_armor",
            "capabilities",
            "host_namespaces",
            "host_path",
            "host_ports",
            "host_probes",
            "privileged",
            "proc_mount",
            "seccomp",
            "selinux",
            "sysctls",
            "windows_host_process",
        ),
    ),
    Pack(
        "pss-restricted",
        "pss",
        pods=(
            "capabilities_restricted",
            "privilege_escalation",
            "proc_mount_restricted",
            "restricted_volumes",
            "run_as_non_root",
            "run_as_user",
            "seccomp_restricted",
        ),
        includes="pss-baseline",
    ),
    Pack(
        "images",
        "images",
        objects=("invalid", "missing_digest", "mutable_tag", "pull_policy", "registry"),
        across=("environment_order",),
    ),
    Pack(
        "reliability",
        "reliability",
        objects=(
            "all_unavailable",
            "hpa_bounds",
            "naked_pod",
            "no_grace_period",
            "no_spread",
            "on_delete",
            "paused_rollout",
            "prestop_too_long",
            "probe_port",
            "recreate_strategy",
            "same_probes",
            "spread_mismatch",
            "stuck_cronjob",
        ),
        together=(
            "dangling_service",
            "hpa_replicas",
            "hpa_without_requests",
            "no_memory_limit",
            "no_pdb",
            "no_readiness_probe",
            "no_requests",
            "no_resources",
            "pdb_blocks_drain",
            "pdb_matches_nothing",
            "pdb_overlap",
            "service_port",
            "shared_volume",
            "single_replica",
            "two_autoscalers",
        ),
    ),
    Pack(
        "rbac",
        "rbac",
        objects=(
            "cluster_admin",
            "default_service_account",
            "escalate",
            "everybody",
            "powerful",
            "role_ref",
            "wildcard",
        ),
        together=("secrets_access", "token_automount"),
    ),
    Pack(
        "network",
        "network",
        objects=("exposed_service", "ingress_without_tls"),
        together=("no_policy", "policy_matches_nothing"),
        pods=("pss.host_namespaces", "pss.host_ports"),
    ),
    Pack(
        "gitops",
        "gitops",
        objects=("allow_empty", "missing_key", "no_prune", "suspended", "wildcard_project"),
        across=(
            "cross_namespace",
            "default_project",
            "destination_environment",
            "manual_sync",
            "missing_decryption",
            "outside_project",
            "project_refuses",
            "tenant_account",
        ),
    ),
    Pack(
        "supply-chain",
        "supply_chain",
        across=("chart_range", "floating_revision", "unverified_source"),
        files=("unpinned_base",),
    ),
)


def pack(name: str) -> Pack:
    """The pack called `name`. Raises KeyError."""
    return {item.name: item for item in PACKS}[name]
