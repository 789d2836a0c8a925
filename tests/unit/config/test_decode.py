"""Faults of a configuration: each is found, all at once, on its own line and column."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_ci.config.decode import MOST
from gitops_ci.config.fields import fields_of
from gitops_ci.config.load import load
from gitops_ci.config.model import App, Config, Environment, Gate, PolicyConfig, Sources
from gitops_ci.config.places import dotted
from gitops_ci.model.severity import Severity

SECTIONS = (Config, Environment, Gate, PolicyConfig)

NOT_FINITE = (1, 56, "bad-value", "'below' has to be a finite number", "")
NO_ENDPOINT = (1, 26, "bad-value", "is no address to ask", "https://")

FAULTS = [
    ("enviroments: {}", 1, 1, "unknown-key", "unknown key 'enviroments'", "'environments'"),
    ("render: {Helm: true}", 1, 10, "unknown-key", "unknown key 'Helm'", "'helm'"),
    ("render: []", 1, 9, "wrong-type", "'render' has to be a mapping, not a list", ""),
    ("render: {helm: 1}", 1, 16, "wrong-type", "'helm' has to be true or false", ""),
    ('render: {helm: "true"}', 1, 16, "wrong-type", "not a text", ""),
    ("render: {engine: fast}", 1, 18, "bad-value", "'fast' is not allowed here", "auto"),
    ("render: {engine: nativ}", 1, 18, "bad-value", "'nativ'", "did you mean 'native'?"),
    ("render: {timeout: 60}", 1, 19, "wrong-type", "a duration such as 24h", ""),
    ("render: {timeout: 60x}", 1, 19, "bad-duration", "'60x' is no duration", "24h"),
    ("ignore: vendor", 1, 9, "wrong-type", "'ignore' has to be a list", "write [vendor]"),
    ("ignore:\n- a\n- 5", 3, 3, "wrong-type", "'ignore' has to be a text", 'quote it: "5"'),
    ("ignore: ['[a']", 1, 10, "bad-pattern", "bad pattern '[a'", "without ']'"),
    ("ignore: ['*.{yaml,yml}']", 1, 10, "bad-pattern", "bad pattern", "one pattern for each"),
    ("gates: {a: {metrics: [{prometheus: p, query: q, below: .nan}]}}", *NOT_FINITE),
    ("gates: {a: {http: [{url: 'http://h', path: $.a}]}}", *NO_ENDPOINT),
    ("gates: {a: {http: [{url: 'https://{app}', path: $.a}]}}", *NO_ENDPOINT),
    ("gates: {a: {http: [{url: 'https://u@h', path: $.a}]}}", *NO_ENDPOINT),
    ("gates: {a: {http: [{url: 'https://h:x', path: $.a}]}}", *NO_ENDPOINT),
    (
        "gates: {a: {http: [{url: 'https://h/{ap}', path: $.a}]}}",
        1,
        26,
        "bad-pattern",
        "bad template",
        "did you mean '{app}'",
    ),
    ("gates: {a: {http: [{url: 'https://h', path: a}]}}", 1, 45, "bad-value", "with $", "write $"),
    (
        "gates: {a: {http: [{url: 'https://h', path: $.a, equals: true}]}}",
        1,
        58,
        "wrong-type",
        "'equals'",
        "true",
    ),
    ("environments: {a: {waves: [{percent: .inf}]}}", 1, 38, "bad-value", "finite", ""),
    ("kubernetes: [1.30]", 1, 14, "wrong-type", "not a number", 'quote it: "1.30"'),
    ('kubernetes: ["v1.30"]', 1, 14, "bad-value", "no Kubernetes version", "1.32"),
    ("layouts: ['a/{ap}']", 1, 11, "bad-pattern", "bad layout", "did you mean '{app}'?"),
    ("layouts: ['a/{app']", 1, 11, "bad-pattern", "bad layout", "brace"),
    ("layouts: ['{app}{env}']", 1, 11, "bad-pattern", "bad layout", "where one name ends"),
    ("version: 2", 1, 10, "bad-value", "2 is not allowed: 'version' is 1", ""),
    ("version: '1'", 1, 10, "wrong-type", "a whole number, not a text", ""),
    ("groups: {shop: {atomic: true}}", 1, 10, "missing-key", "'apps' is missing", ""),
    ("groups: [a]", 1, 9, "wrong-type", "a mapping, not a list", ""),
    ("policy: {rules: {a/b: fatal}}", 1, 23, "bad-value", "no severity", "warning"),
    ("policy: {rules: {a/b: [x]}}", 1, 23, "bad-value", "no severity", ""),
    ("policy: {packs: [pss]}", 1, 18, "bad-value", "no pack 'pss'", ""),
    ("policy: {packs: [images@v1.2]}", 1, 18, "bad-value", "cannot be pinned", ""),
    ("pr: {title: '{from}{top}'}", 1, 13, "bad-pattern", "bad template", "'{to}'"),
    ("pr: {maxOpen: 0}", 1, 15, "bad-value", "'maxOpen' is at least 1", ""),
    ("pr: {maxOpen: true}", 1, 15, "wrong-type", "not true or false", ""),
    ("exceptions: {approvers: [org]}", 1, 26, "bad-value", "no user or team", "@org/team"),
    ("freeze: {file: ../x}", 1, 16, "bad-value", "no path inside the repository", ""),
    ("sites: [{file: ''}]", 1, 16, "bad-value", "must not be empty", ""),
    ("sites: [3]", 1, 9, "wrong-type", "'sites' has to be a mapping", ""),
    ("validate: {require: [timeout]}", 1, 22, "bad-value", "'timeout'", "remote-base"),
    ("environments: {a: {from: 3}}", 1, 26, "wrong-type", "a list of environments", ""),
    ("environments: {a: {from: {all: [b]}}}", 1, 26, "wrong-type", "{any: [...]}", ""),
    ("environments: {'a b': {}}", 1, 16, "bad-value", "'a b' cannot be the name", "letters"),
    ("groups: {../x: {apps: [a]}}", 1, 10, "bad-value", "'../x' cannot be the name", ""),
    ("environments: {a: {from: [b]}}", 1, 27, "unknown-environment", "environment 'b'", "a"),
    ("environments: {a: {from: [a]}}", 1, 27, "environment-cycle", "a ← a", ""),
    ("environments: {a: {waves: [{percent: 101}]}}", 1, 38, "bad-value", "at most 100", ""),
    ("gates: {a: {windows: {timezone: Mars/Base}}}", 1, 33, "bad-value", "no time zone", ""),
    ("gates: {a: {windows: {allow: [Mun]}}}", 1, 31, "bad-window", "bad window", "no day"),
    (
        "environments: {prod: {}}\ngates: {prd: {}}",
        *(2, 9, "unknown-environment", "no environment or group 'prd'", "'prod'"),
    ),
    (
        "environments: {prod: {}}\nclusters: [{name: a, environment: x}]",
        *(2, 35, "unknown-environment", "no environment 'x'", ""),
    ),
    (
        "environments: {prod: {}}\noverrides: [{match: {environment: prot}}]",
        *(2, 35, "unknown-environment", "no environment 'prot'", "'prod'"),
    ),
    (
        (
            "environments: {p: {waves: [{clusters: [b]}]}}\n"
            "clusters: [{name: a, environment: p}, {name: a, environment: p}]"
        ),
        *(1, 40, "unknown-cluster", "no cluster 'b'", ""),
    ),
    (
        "clusters: [{name: a, environment: p}, {name: a, environment: p}]",
        *(1, 46, "duplicate-name", "listed twice", ""),
    ),
]


@pytest.mark.parametrize(("text", "line", "column", "rule", "message", "hint"), FAULTS)
def test_a_fault_is_found_where_it_stands(
    text: str, line: int, column: int, rule: str, message: str, hint: str
) -> None:
    (found, *_) = load({".gitops-ci.yaml": text.encode()}.get).findings
    assert found.rule.id == f"config/{rule}"
    assert message in found.message
    assert hint in found.hint
    assert found.location.span is not None
    assert (found.location.span.line, found.location.span.column) == (line, column)


def test_all_faults_are_told_at_once_in_order() -> None:
    text = "\n".join(text for text, *_ in FAULTS[:3:2]) + "\nignore: 3\nsites: [{keys: x}]\n"
    found = load({".gitops-ci.yaml": text.encode()}.get).findings
    assert [(f.location.line, f.rule.id) for f in found] == [
        (1, "config/unknown-key"),
        (2, "config/wrong-type"),
        (3, "config/wrong-type"),
        (4, "config/missing-key"),
        (4, "config/wrong-type"),
    ]


def decoded(text: str) -> Config:
    loaded = load({".gitops-ci.yaml": text.encode()}.get)
    assert loaded.findings == ()
    return loaded.config


@pytest.mark.parametrize(
    "text", ["", "{}", "version: 1", "render:\nreport: {}\nlayouts:\nenvironments:\n", "# only\n"]
)
def test_what_is_not_written_has_its_default(text: str) -> None:
    assert decoded(text) == Config()


def _percent(config: Config) -> float | None:
    return config.environments["a"].waves[0].percent


VALUES: list[tuple[str, Any, Any]] = [
    ("render: {timeout: 1h30m}", lambda c: c.render.timeout, 5400.0),
    ("environments: {a: {}, b: {from: [a]}}", lambda c: c.environments["b"].sources.names, ("a",)),
    ("environments: {a: , b: {from: a}}", lambda c: c.environments["b"].sources, Sources(("a",))),
    (
        "environments: {a: {}, b: {from: {any: [a]}}}",
        lambda c: c.environments["b"].sources,
        Sources(("a",), any=True),
    ),
    ("environments: {a: {repo: null}}", lambda c: c.environments["a"].repo, None),
    ("environments: {a: {waves: [{percent: 25%}]}}", _percent, 25.0),
    ("environments: {a: {waves: [{percent: 12.5}]}}", _percent, 12.5),
    ("policy: {rules: {a/b: error, c/d: off}}", lambda c: c.policy.rules["a/b"], Severity.ERROR),
    ("policy: {rules: {a/b: error, c/d: off}}", lambda c: c.policy.rules["c/d"], None),
    ("pr: {reviewers: codeowners}", lambda c: c.pr.reviewers, ("codeowners",)),
    ('pr: {reviewers: ["@a"]}', lambda c: c.pr.reviewers, ("@a",)),
    ("policy: {packs: [pss-restricted@v1.32]}", lambda c: len(c.policy.packs), 1),
    ("gates: {a: {checks: [{on: pr}]}}", lambda c: c.gates["a"].checks[0].on, "pr"),
    ('gates: {a: {approvals: {from: ["@a"]}}}', lambda c: c.gates["a"].approvals.people, ("@a",)),
    (
        'apps: {defaults: {owners: ["@a"]}, web: {images: [x]}, api: {owners: ["@b"]}}',
        lambda c: c.apps,
        {
            "defaults": App((), ("@a",)),
            "web": App(("x",), ("@a",)),
            "api": App((), ("@b",)),
        },
    ),
    ("ignore: ['a/{b}']", lambda c: c.ignore, ("a/{b}",)),
    ("roots: [{chart: c, path: ''}]", lambda c: c.roots[0].path, ""),
]


@pytest.mark.parametrize(("text", "get", "expected"), VALUES)
def test_values_arrive_in_the_model(text: str, get: Any, expected: Any) -> None:
    assert get(decoded(text)) == expected


def test_an_environment_inherits_the_pull_request_settings() -> None:
    config = decoded("environments: {a: {pr: {automerge: true}}, b: {}}\npr: {labels: [x]}")
    own = config.environments["a"].pr
    assert own is not None
    assert (own.automerge, own.labels) == (True, ("x",))
    assert config.environments["b"].pr is None


def test_a_faulty_item_is_left_out_and_a_faulty_value_is_the_default() -> None:
    loaded = load({".gitops-ci.yaml": b"ignore: [3, a]\nrender: {timeout: x}"}.get)
    assert loaded.config.ignore == ("a",)
    assert loaded.config.render.timeout == 60.0


NAMES = sorted({info.yaml for section in SECTIONS for info in fields_of(section)})
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([info.yaml for info in fields_of(Config)]), values))
def test_nothing_that_is_written_breaks_decoding(content: dict[str, Any]) -> None:
    loaded = load({"c.json": json.dumps(content).encode()}.get, "c.json")
    assert isinstance(loaded.config, Config)
    assert all(fault.message and fault.location.path == "c.json" for fault in loaded.findings)


def test_many_faults_cost_little() -> None:
    text = f"{'k' * 1000}: 1\n" + "\n".join(f"key{n}: {n}" for n in range(20_000))
    start = time.process_time()
    found = load({".gitops-ci.yaml": text.encode()}.get).findings
    assert len(found) == MOST
    assert max(len(fault.message) for fault in found) <= 300
    assert time.process_time() - start < 10


def test_routes_are_written_as_people_do() -> None:
    assert dotted(("gates", "prod", "checks", 0, "name")) == "gates.prod.checks[0].name"
