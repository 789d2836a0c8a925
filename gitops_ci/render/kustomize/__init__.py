"""A kustomize engine that knows which line set every value."""
