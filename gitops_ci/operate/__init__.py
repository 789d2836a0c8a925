"""Around the merge: is the gate enforced, and by whom could it be moved."""
