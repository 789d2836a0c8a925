"""Whether a change may go into an environment now: one module for each gate, all of them pure."""
