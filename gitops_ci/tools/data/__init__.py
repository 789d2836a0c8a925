"""Package data: the pinned versions of the external tools."""
