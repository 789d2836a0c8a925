"""The exit codes. Scripts rely on them; they never change their meaning."""

from __future__ import annotations

OK = 0
FINDINGS = 1
USAGE = 2
INCOMPLETE = 3
ENDPOINT = 4
CONFLICT = 5
BUG = 70
INTERRUPTED = 130
