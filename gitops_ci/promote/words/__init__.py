"""The text of a proposal: what moves, what the gates say, how to go back. Pure Markdown."""
