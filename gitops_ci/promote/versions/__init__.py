"""Order among tags: which of two versions is newer, and which of many fits a policy."""
