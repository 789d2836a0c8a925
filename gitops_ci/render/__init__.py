"""Roots to objects, each with its origin: kustomize, Flux, Argo CD, Helm, plain files."""
