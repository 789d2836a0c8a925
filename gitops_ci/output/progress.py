"""A line that tells a person that long work goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

from gitops_ci.output.sink import Sink
from gitops_ci.output.terminal import clip

_PATIENCE = 0.4
_PAUSE = 0.1


class TerminalProgress:
    """The Progress for a terminal: one line on stderr, first after 0.4 s, then every 0.1 s.

    `clock` returns seconds that only grow; `columns` is the terminal's width.
    """

    def __init__(
        self, sink: Sink, *, columns: int = 80, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sink, self._columns, self._clock = sink, columns, clock
        self._next = clock() + _PATIENCE

    def step(self, what: str, done: int, total: int) -> None:
        """Show `done` of `total` units of `what`, if it is time to."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + _PAUSE
        count = f"{done}/{total}" if total else str(done)
        self._sink.transient(clip(f"{what} {count}", self._columns - 1))

    def end(self) -> None:
        """Remove the line."""
        self._sink.clear()
