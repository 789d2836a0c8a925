"""The Pod Security Standards, each check as it was in every version of Kubernetes.

Source: kubernetes.io/docs/concepts/security/pod-security-standards, and for the versions the
checks of k8s.io/pod-security-admission.
"""

URL = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
BASELINE = f"{URL}#baseline"
RESTRICTED = f"{URL}#restricted"
