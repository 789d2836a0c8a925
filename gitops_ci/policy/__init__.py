"""Policies: packs of rules over rendered objects."""
