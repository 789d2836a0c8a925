"""The configuration: typed values, decoded with positions, and all that is derived from them."""
