"""Pages that stand alone: one file, nothing loaded from anywhere, no script."""
