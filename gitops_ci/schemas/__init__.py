"""The structures of kinds: Kubernetes, custom resources, and those on board."""
