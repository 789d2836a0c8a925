"""The pods that an object leads to, whatever kind of object it is."""
