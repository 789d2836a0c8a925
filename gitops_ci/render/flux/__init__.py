"""What the Flux controllers apply for a Kustomization or a HelmRelease."""
