"""Charts through the helm binary, and where their rendered values come from."""
