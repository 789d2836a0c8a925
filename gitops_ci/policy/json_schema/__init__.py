"""JSON Schemas of a team for files of any kind, values files included."""
