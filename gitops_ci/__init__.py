"""gitops-ci: the merge gate and the promotion engine for GitOps repositories."""

__version__ = "0.1.0"
