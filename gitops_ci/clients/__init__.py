"""Clients of the services that a configuration names."""
