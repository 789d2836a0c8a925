"""The credentials of providers, as their documentation describes them."""

from __future__ import annotations

from gitops_ci.secrets.format import Format

FORMATS: tuple[Format, ...] = ()
"""Every known format; the ids are unique."""
