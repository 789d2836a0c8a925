"""One row of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, what was asked, and whether it was met (None: nothing was asked, or there
    is no peer here)."""

    name: str
    measured: str
    asked: str = ""
    met: bool | None = None


def most(name: str, value: float, limit: float, unit: str = "") -> Figure:
    """A figure that may be `limit` at most."""
    measured, asked = f"{value:.2f} {unit}".strip(), f"≤ {limit:g} {unit}".strip()
    return Figure(name, measured, asked, value <= limit)


def least(name: str, value: float, limit: float) -> Figure:
    """A figure that has to be `limit` at least."""
    return Figure(name, f"{value:,.1f}", f"≥ {limit:,}", value >= limit)


def shown(name: str, value: float, unit: str = "") -> Figure:
    """A figure that nothing was asked of."""
    return Figure(name, f"{value:.2f} {unit}".strip())
