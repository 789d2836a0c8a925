"""A difference as text for people, as Markdown for a comment, as JSON for programs."""
