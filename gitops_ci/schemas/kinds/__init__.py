"""The structures of the kinds that the tool itself reasons about, written from their API references."""
