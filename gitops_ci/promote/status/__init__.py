"""Which version stands where, who is ahead or behind, and what the next step waits for. Pure."""
