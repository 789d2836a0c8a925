"""Bytes to documents and back: values, positions, problems, edits. The only importer of PyYAML."""
