"""Other programs: the only place that starts a process."""
