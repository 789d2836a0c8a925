"""Deployers: what Argo CD and Flux may do, and whether they do it."""

ARGOCD = "https://argo-cd.readthedocs.io/en/stable"
FLUX = "https://fluxcd.io/flux"
