"""Every format by the name that `--format` and `--output` take. A new one is one module and one
line here; modules are imported when they are used."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from gitops_ci.report.port import Reporter

FORMATS = {
    "text": "text",
    "json": "json_v1",
    "sarif": "sarif",
    "junit": "junit",
    "codequality": "codequality",
    "gl-sast": "gl_security.SAST",
    "gl-secret": "gl_security.SECRET",
    "markdown": "markdown",
}


def reporter(name: str) -> Reporter:
    """The format called `name`. Raises KeyError."""
    name, _, attribute = FORMATS[name].partition(".")
    module = import_module(f"gitops_ci.report.{name}")
    return cast("Reporter", getattr(module, attribute) if attribute else module)
