from __future__ import annotations

from gitops_ci.config.model import Config
from gitops_ci.config.model_checks import PolicyConfig
from gitops_ci.operate.guarded import guarded_among


def test_what_steers_the_gate() -> None:
    config = Config(extends=(".platform/base.yaml",), policy=PolicyConfig(custom=("policies/",)))
    steering = [
        ".github/CODEOWNERS",
        ".github/workflows/check.yml",
        ".gitlab-ci.yml",
        ".gitops-ci.yaml",
        ".gitops-ci/holds.yaml",
        ".platform/base.yaml",
        "policies/a/b.yaml",
    ]
    other = ["apps/.gitlab-ci.yml", "apps/policies/a.yaml", "apps/web.yaml", "README.md"]
    assert guarded_among([*other, *steering], config) == tuple(sorted(steering))
