"""Find the secrets of a repository, stay silent about what only looks like one, print none."""
