"""Read access to a git repository through the `git` program."""
