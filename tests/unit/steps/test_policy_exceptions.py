"""Exceptions and overrides of policies, each by each way in which they can be written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.command import gitops_ci
from tests.support.repository import Repository

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations: {{{object}}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata:
      labels: {{app: web}}
      annotations: {{{template}}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        securityContext:
          privileged: true{comment}
      - name: side
        image: example/side:1.0.0
        securityContext:
          privileged: true
"""
CONFIG = """\
version: 1
layouts: ["apps/{app}/overlays/{env}", "apps/{app}"]
environments: {dev: {}, prod: {}}
groups: {checkout: {apps: [cart]}}
"""
RULE = "pss/privileged"
KEY = "gitops-ci.dev/ignore.pss.privileged"
WEB_KEY = f"web.container.{KEY}"
ALL = {("dev", 18), ("dev", 22), ("prod", 18), ("prod", 22)}
SIDE = {("dev", 22), ("prod", 22)}
NONE: set[tuple[str, int]] = set()


def _files(config: str = "", exception: str = "", **parts: str) -> dict[str, str]:
    texts = {"object": "", "template": "", "comment": "", **parts}
    files = {".gitops-ci.yaml": CONFIG + config}
    for name in ("dev", "prod"):
        files[f"apps/cart/overlays/{name}/kustomization.yaml"] = "resources: [web.yaml]\n"
        files[f"apps/cart/overlays/{name}/web.yaml"] = WEB.format(**texts)
    if exception:
        files[".gitops-ci/exceptions/a.yaml"] = exception
    return files


def _blocking(repository: Repository, files: dict[str, str]) -> set[tuple[str, int]]:
    """(environment, line) of the errors of the rule."""
    repository.commit(files)
    ended = gitops_ci(repository.root, "policy", "--format", "json")
    found: list[dict[str, Any]] = ended.report["findings"]
    return {
        (item["environment"], item["line"])
        for item in found
        if item["rule"] == RULE and item["severity"] == "error"
    }


def _override(match: str, rest: str) -> dict[str, str]:
    return {"config": f"overrides: [{{match: {{{match}}}, {rest}}}]\n"}


OFF, OBSERVE = f"rules: {{{RULE}: off}}", "mode: observe"
NOTE, GLOB = f"rules: {{{RULE}: note}}", "rules: {pss/*: warning}"
NO_PACKS, OTHER = "packs: []", "packs: [pss-restricted]"
PROD_ONLY = {("prod", 18), ("prod", 22)}


def _exception(match: str, until: str = "2099-12-31") -> dict[str, str]:
    text = f"rule: {RULE}\nmatch: {{{match}}}\nreason: old\nowner: '@a/b'\nexpires: {until}\n"
    return {"exception": text}


CASES: list[tuple[dict[str, str], set[tuple[str, int]]]] = [
    ({}, ALL),
    # on the line
    ({"comment": f"  # gitops-ci: ignore {RULE} it drives the host"}, SIDE),
    ({"comment": f"  # gitops-ci: ignore {RULE}"}, ALL),
    ({"comment": "  # gitops-ci: ignore pss/host-namespaces it drives the host"}, ALL),
    # on the object, the pod template, a container
    ({"object": f"{KEY}: why"}, NONE),
    ({"template": f"{KEY}: why"}, NONE),
    ({"object": f"{KEY}: ''"}, ALL),
    ({"object": f"{WEB_KEY}: why"}, SIDE),
    ({"template": f"{WEB_KEY}: why"}, SIDE),
    ({"template": f"{WEB_KEY}: ''"}, ALL),
    ({"template": f"sid.container.{KEY}: why"}, ALL),
    ({"template": f"x.y.container.{KEY}: why"}, ALL),
    # exception files
    (_exception("kind: Deployment, name: 'w*'"), NONE),
    (_exception("environment: dev"), PROD_ONLY),
    (_exception("app: cart"), NONE),
    (_exception("group: checkout"), NONE),
    (_exception("namespace: shop"), NONE),
    (_exception("namespace: other"), ALL),
    (_exception("path: apps/cart/overlays/dev"), PROD_ONLY),
    (_exception("environment: dev", "2001-01-01"), ALL),
    # overrides: what, and where
    *[
        (_override(match, rest), expected)
        for match, expected in (
            ("environment: dev", PROD_ONLY),
            ("path: apps/cart/overlays/dev", PROD_ONLY),
            ("app: cart", NONE),
            ("group: checkout", NONE),
            ("namespace: shop", NONE),
            ("namespace: other", ALL),
            ("environment: dev, namespace: other", ALL),
        )
        for rest in (OFF, NOTE, GLOB, OBSERVE, NO_PACKS)
    ],
    (_override("environment: dev", OTHER), ALL),
    (_override("environment: dev", f"{NO_PACKS}, {OBSERVE}"), PROD_ONLY),
    ({"config": "policy: {packs: [images]}\n"
      f"overrides: [{{match: {{environment: prod}}, {OTHER}}}]\n"}, PROD_ONLY),
    ({"config": f"overrides: [{{match: {{app: cart}}, {OBSERVE}}},"
      " {match: {environment: prod}, mode: enforce}]\n"}, PROD_ONLY),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "expected"), CASES)
def test_what_still_blocks(
    repository: Repository, parts: dict[str, str], expected: set[tuple[str, int]]
) -> None:
    assert _blocking(repository, _files(**parts)) == expected


FAULTS = [
    ("policy: {packs: [pss-basline]}\n", "there is no pack 'pss-basline'", "pss-baseline"),
    (
        "overrides: [{match: {app: a}, packs: [reliabilty]}]\n",
        "there is no pack 'reliabilty'",
        "reliability",
    ),
    (
        "overrides: [{match: {app: a}, packs: [pss-restricted@v1.32]}]\n",
        "'pss-restricted@v1.32' cannot be pinned here",
        "policy.packs",
    ),
    ("policy: {rules: {pss/privilegd: off}}\n", "no rule 'pss/privilegd'", "pss/privileged"),
    (
        "overrides: [{match: {app: a}, rules: {pss/privilegd: off}}]\n",
        "no rule 'pss/privilegd'",
        "pss/privileged",
    ),
]


@pytest.mark.parametrize(("config", "words", "hint"), FAULTS)
def test_a_name_that_does_not_exist_gets_a_near_miss(
    repository: Repository, config: str, words: str, hint: str
) -> None:
    repository.commit(_files(config=config))
    ended = gitops_ci(repository.root, "policy", "--format", "json")
    (finding,) = ended.report["findings"]
    assert ended.code == 2
    assert words in finding["message"]
    assert hint in finding["hint"]
    assert (finding["path"], finding["line"]) == (".gitops-ci.yaml", 5)
