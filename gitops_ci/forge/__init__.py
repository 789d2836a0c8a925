"""Where changes are proposed. One file per forge; `port.py` says what all of them can."""
