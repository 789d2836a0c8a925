"""The matrix of environments in the forms that are read: text, JSON, Markdown."""
