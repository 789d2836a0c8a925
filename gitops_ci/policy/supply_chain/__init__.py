"""What is taken from elsewhere is what was looked at, and from who it says."""

FLUX = "https://fluxcd.io/flux/components"
ARGOCD = "https://argo-cd.readthedocs.io/en/stable"
KUSTOMIZE = "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization"
