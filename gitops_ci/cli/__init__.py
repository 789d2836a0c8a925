"""The surface: argv and environment in, exit code out. `wire.py` alone picks real adapters."""
