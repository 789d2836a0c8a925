"""Configured values and files move, environments keep their own, nothing goes away."""

from __future__ import annotations

import pytest

from tests.unit.promote.places import CONFIG, THREE, Files
from tests.unit.promote.scene import Scene, configured, told

RULES = """\
promote:
  values: [{file: 'values*.yaml', keys: [config.*, flags.beta, 'list.*.on']}]
  files: ['boards/**']
  never: {keys: [config.own], files: ['**/boards/own.json']}
"""
DEV, STAGING = (f"apps/web/overlays/{env}" for env in ("dev", "staging"))


def scene(dev: Files, staging: Files) -> Scene:
    files = {f"{DEV}/{name}": text for name, text in dev.items()}
    files |= {f"{STAGING}/{name}": text for name, text in staging.items()}
    return Scene((1, configured(THREE + RULES, files)))


@pytest.mark.parametrize(
    ("dev", "staging", "after"),
    [
        ("config: {a: 2}\n", "config: {a: 1} # note\n", "config: {a: 2} # note\n"),
        ("config: {a: true}\n", "config:\n  a: 'x'\n", "config:\n  a: true\n"),
        ("config: {a: 1, own: 2}\n", "config: {own: 1}\n", "config: {own: 1, a: 1}\n"),
        ("flags: {beta: on}\n", "flags: {alpha: 1}\n", "flags: {alpha: 1, beta: true}\n"),
        ("flags: {beta: x}\n", "config: {}\n", "config: {}\nflags:\n  beta: x\n"),
        ("config: {}\n", "config: {a: 1}\n", ""),
        ("config: {host: a, replicas: 3}\n", "config: {host: b, replicas: 1}\n", ""),
        ("other: 2\n", "other: 1\n", ""),
        (
            "list:\n- {name: b, on: 2}\n- {name: a, on: 1}\n",
            "list:\n- {name: a, on: 0}\n- {name: b, on: 0}\n",
            "list:\n- {name: a, on: 1}\n- {name: b, on: 2}\n",
        ),
    ],
)
def test_configured_keys_move(dev: str, staging: str, after: str) -> None:
    made = scene({"values.yaml": dev}, {"values.yaml": staging})
    plan = made.plan("dev", "staging")
    assert not plan.refused
    assert made.after(plan) == ({f"{STAGING}/values.yaml": after} if after else {})


def test_a_key_without_its_file_is_told_and_left() -> None:
    plan = scene({"values.yaml": "config: {a: 1}\n"}, {"values-x.yaml": "config: {b: 1}\n"}).plan(
        "dev", "staging"
    )
    assert told(plan) == {
        "left": [
            "staging/web: has no file like apps/web/overlays/dev/values.yaml, which holds config.a"
        ]
    }


def test_configured_files_move_whole() -> None:
    dev = {"boards/a.json": "{1}", "boards/new/b.txt": "b", "boards/own.json": "dev", "x.txt": "x"}
    staging = {"boards/a.json": "{0}", "boards/old.json": "old", "boards/own.json": "staging"}
    made = scene(dev, staging)
    plan = made.plan("dev", "staging")
    assert made.after(plan) == {
        f"{STAGING}/boards/a.json": "{1}",
        f"{STAGING}/boards/new/b.txt": "b",
    }
    again = Scene((1, {**made.files, **made.after(plan)}))
    assert set(told(again.plan("dev", "staging"))) == {"done"}


def test_a_substitution_variable_is_a_key_like_any_other() -> None:
    config = """\
version: 1
layouts: ["clusters/{env}/{app}.yaml"]
environments: {dev: {}, prod: {from: [dev]}}
promote: {values: [{file: "clusters/**", keys: ["spec.postBuild.substitute.*_tag"]}]}
"""
    text = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: flux-system}
spec:
  path: ./apps/web
  postBuild: {substitute: {web_tag: "%s", web_host: %s.example}}
"""
    files = {
        "clusters/dev/web.yaml": text % ("2", "dev"),
        "clusters/prod/web.yaml": text % ("1", "prod"),
    }
    made = Scene((1, {CONFIG: config, **files}))
    assert made.after(made.plan("dev", "prod")) == {"clusters/prod/web.yaml": text % ("2", "prod")}


def test_environments_as_keys_of_one_file() -> None:
    config = """\
version: 1
environments: {dev: {}, prod: {from: [dev]}}
sites: [{file: "sets/{app}.json", select: "{env}", keys: [tag]}]
"""
    text = '{"dev": {"tag": "2"}, "prod": {"tag": "1"}}\n'
    made = Scene((1, {CONFIG: config, "sets/web.json": text}))
    plan = made.plan("dev", "prod")
    assert made.after(plan) == {"sets/web.json": text.replace('"1"', '"2"')}


def test_elements_of_an_application_set() -> None:
    config = """\
version: 1
environments: {dev: {}, prod: {from: [dev]}}
"""
    text = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web}
spec:
  generators:
  - list:
      elements:
      - {env: dev, version: 1.1.0}
      - {env: prod, version: 1.0.0}
  template:
    spec:
      source: {repoURL: https://charts.example, chart: web, targetRevision: '{{version}}'}
"""
    made = Scene((1, {CONFIG: config, "sets/web.yaml": text}))
    plan = made.plan("dev", "prod")
    assert made.after(plan) == {"sets/web.yaml": text.replace("1.0.0", "1.1.0")}
