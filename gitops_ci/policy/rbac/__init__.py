"""Who may do what: rights that are wider than anybody can oversee."""

URL = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/"
REFERENCE = "https://kubernetes.io/docs/reference/access-authn-authz/rbac/"
