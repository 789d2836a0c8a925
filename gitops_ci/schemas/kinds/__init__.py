"""The structures of the kinds that the tool itself reasons about."""
