"""The repository as one model: its tree, what each file is, how files depend on each other."""
