"""What a change does to the rendered objects: two renderings in, their differences out."""
