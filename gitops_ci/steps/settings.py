"""The configuration with what the caller asks for on top of it."""

from __future__ import annotations

from dataclasses import replace

from gitops_ci.config.model import Config
from gitops_ci.steps.check import Inputs
from gitops_ci.steps.world import World


def governed(config: Config, inputs: Inputs, world: World) -> Config:
    """`config` under the options that were given: a flag wins over the file."""
    given = world.given
    report = config.report
    if "fail_on" in given:
        report = replace(report, fail_on=inputs.fail_on)
    if "fail_on_existing" in given:
        report = replace(report, fail_on_existing=inputs.fail_on_existing)
    render = config.render
    if "engine" in given:
        render = replace(render, engine=inputs.engine)
    if "timeout" in given:
        render = replace(render, timeout=inputs.timeout)
    validate = config.validate
    if "schema_engine" in given:
        validate = replace(validate, engine=inputs.schema_engine)
    return replace(
        config,
        kubernetes=inputs.k8s or config.kubernetes,
        report=report,
        render=render,
        validate=validate,
    )
