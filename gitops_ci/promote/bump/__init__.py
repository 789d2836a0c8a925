"""From a wanted version to the edits that bring it to every place it belongs to."""
