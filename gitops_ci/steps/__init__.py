"""Use cases, one file each: what a command does, without argv, environment or real adapters."""
