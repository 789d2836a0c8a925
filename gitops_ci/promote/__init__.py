"""Versions on their way: which sites a version goes to, and which version is the newest. Pure."""
