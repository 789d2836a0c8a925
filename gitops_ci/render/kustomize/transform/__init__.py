"""What kustomize does to resources, a module per transformer."""
