"""The JSON Schema of the JSON report, for those who read it."""

from __future__ import annotations

from importlib.resources import files


def report_schema() -> str:
    """The text of the JSON Schema (draft 2020-12) of the JSON report, version 1."""
    return files("gitops_ci.report").joinpath("data/report-v1.schema.json").read_text("utf-8")
