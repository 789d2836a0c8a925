"""The Pod Security Standards, each check as it was in every version of Kubernetes.

Sources: kubernetes.io/docs/concepts/security/pod-security-standards; for what holds from which
version on, the checks of k8s.io/pod-security-admission. As there, "every version" includes what
was added to a check without a version of its own: AppArmor's field, and volumes from images.
"""

from __future__ import annotations

from collections.abc import Sequence

URL = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
BASELINE = f"{URL}#baseline"
RESTRICTED = f"{URL}#restricted"

WINDOWS_SINCE = 25
"""From this minor version on, pods for Windows need not say what only Linux knows."""
USER_NAMESPACES_SINCE = 35
"""From this minor version on, a user namespace of its own (hostUsers: false) makes up for root."""


def named(owners: Sequence[str]) -> str:
    """The owners as words: one, two, or the first and how many more."""
    if len(owners) <= 2:
        return " and ".join(owners)
    return f"{owners[0]} and {len(owners) - 1} more"
