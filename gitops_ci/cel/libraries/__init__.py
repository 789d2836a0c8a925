"""The function libraries of Kubernetes, one module each."""
