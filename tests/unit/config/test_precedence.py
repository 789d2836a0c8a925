from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.config.explain import explain_key
from gitops_ci.config.load import Loaded, load
from gitops_ci.config.precedence import Binding, Settled, Source, given_beyond_files, settle
from gitops_ci.config.subjects import Subject, Subjects
from gitops_ci.model.errors import UsageError
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

BINDINGS = (
    Binding("fail-on", "report.failOn"),
    Binding("fail-on-existing", "report.failOnExisting"),
    Binding("k8s", "kubernetes"),
    Binding("timeout", "render.timeout"),
    Binding("max-inline", "report.maxInline"),
)


def loaded(text: str = "", **more: str) -> Loaded:
    files = {".gitops-ci.yaml": text.encode()}
    files.update({f"{name}.yaml": content.encode() for name, content in more.items()})
    result = load(files.get)
    assert result.findings == ()
    return result


def settled(
    text: str = "",
    environ: dict[str, str] | None = None,
    inputs: dict[str, str] | None = None,
    flags: dict[str, Any] | None = None,
) -> Settled:
    return settle(loaded(text), BINDINGS, environ or {}, inputs or {}, flags or {})


FILE = "report: {failOn: note}"
ENV = {"GITOPS_CI_FAIL_ON": "warning"}
INPUT = {"INPUT_FAIL-ON": "error"}
FLAG = {"fail-on": "never"}


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (("",), "error"),
        ((FILE,), "note"),
        ((FILE, ENV), "warning"),
        ((FILE, ENV, INPUT), "error"),
        ((FILE, ENV, INPUT, FLAG), "never"),
        ((FILE, {}, {}, FLAG), "never"),
        ((FILE, {"GITOPS_CI_FAIL_ON": ""}, {"INPUT_FAIL-ON": "  "}), "note"),
        ((FILE, {"GITOPS_CI_FAILON": "never"}, {"INPUT_FAIL_ON": "never"}), "note"),
    ],
)
def test_the_later_layer_wins(layers: tuple[Any, ...], expected: str) -> None:
    assert settled(*layers).config.report.fail_on == expected


@pytest.mark.parametrize(
    ("environ", "get", "expected"),
    [
        ({"GITOPS_CI_FAIL_ON_EXISTING": "true"}, lambda c: c.report.fail_on_existing, True),
        ({"GITOPS_CI_FAIL_ON_EXISTING": "No"}, lambda c: c.report.fail_on_existing, False),
        ({"GITOPS_CI_K8S": "1.31, 1.33"}, lambda c: c.kubernetes, ("1.31", "1.33")),
        ({"GITOPS_CI_K8S": "1.31\n1.33\n"}, lambda c: c.kubernetes, ("1.31", "1.33")),
        ({"GITOPS_CI_TIMEOUT": "2m"}, lambda c: c.render.timeout, 120.0),
        ({"GITOPS_CI_TIMEOUT": "90"}, lambda c: c.render.timeout, 90.0),
        ({"GITOPS_CI_MAX_INLINE": "5"}, lambda c: c.report.max_inline, 5),
    ],
)
def test_texts_are_read_by_the_type_of_the_key(
    environ: dict[str, str], get: Any, expected: Any
) -> None:
    assert get(settled("", environ).config) == expected


def test_flags_may_be_typed_already() -> None:
    config = settled(flags={"k8s": ("1.31",), "max-inline": 7, "fail-on-existing": True}).config
    assert (config.kubernetes, config.report.max_inline) == (("1.31",), 7)
    assert config.report.fail_on_existing


def test_every_wrong_value_is_named_at_once() -> None:
    environ = {"GITOPS_CI_FAIL_ON": "fatal", "GITOPS_CI_TIMEOUT": "6x"}
    with pytest.raises(UsageError) as error:
        settled("", environ)
    assert "GITOPS_CI_FAIL_ON: 'fatal' is not allowed here" in error.value.message
    assert "GITOPS_CI_TIMEOUT: '6x' is no duration (write 60s" in error.value.message


def test_options_without_a_key_have_layers_too() -> None:
    chain = given_beyond_files("format", {"GITOPS_CI_FORMAT": "json"}, {}, {"format": "text"})
    assert [(c.source, c.place, c.value) for c in chain] == [
        (Source.ENVIRONMENT, "GITOPS_CI_FORMAT", "json"),
        (Source.FLAG, "--format", "text"),
    ]


PROD = Subject(("apps/web.yaml",), environment="prod", namespace="shop")
RULES = {"image/mutable-tag": Rule("image/mutable-tag", "", Severity.WARNING)}


def chain_of(key: str, text: str, subject: Subject = PROD, **more: str) -> list[tuple[str, Any]]:
    explained = explain_key(key, loaded(text, **more), subject, rules=RULES)
    return [(item.place, item.value) for item in explained.chain]


def test_explains_the_files_that_set_a_key() -> None:
    text = "extends: [base.yaml]\nreport:\n  failOn: note\n"
    assert chain_of("report.failOn", text, base="report: {failOn: warning}") == [
        ("built-in", "error"),
        ("base.yaml:1:10", "warning"),
        (".gitops-ci.yaml:3:3", "note"),
    ]


def test_explains_what_overrides_the_files() -> None:
    result = settled(FILE, ENV, {}, FLAG)
    explained = explain_key("report.failOn", loaded(FILE), PROD, result.chains)
    assert [item.place for item in explained.chain][2:] == ["GITOPS_CI_FAIL_ON", "--fail-on"]
    assert (explained.winner.source, explained.winner.value) == (Source.FLAG, "never")


OVERRIDES = """\
policy: {rules: {image/*: error}}
overrides:
- {match: {environment: dev}, rules: {image/mutable-tag: note}}
- {match: {environment: prod}, rules: {image/mutable-tag: off}}
- {match: {namespace: shop}, mode: observe, rules: {image/mutable-tag: warning}}
- {match: {path: apps/**}, mode: enforce}
- {match: {path: apps/**}, rules: {pss/host-path: error}}
"""


@pytest.mark.parametrize("key", ["image/mutable-tag", "policy.rules.image/mutable-tag"])
def test_explains_a_rule_for_a_path(key: str) -> None:
    assert chain_of(key, OVERRIDES) == [
        ("built-in", "warning"),
        (".gitops-ci.yaml:1:18", "error"),
        (".gitops-ci.yaml:4:40", "off"),
        (".gitops-ci.yaml:5:53", "warning, only observed"),
        (".gitops-ci.yaml:6:28", "warning"),
    ]


def test_an_environment_has_its_own_pull_request_settings() -> None:
    text = "environments: {prod: {pr: {automerge: true}}}\npr: {automerge: false}"
    assert [value for _, value in chain_of("pr.automerge", text)] == [False, False, True]
    assert len(chain_of("pr.automerge", text, Subject(environment="dev"))) == 2


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("render.timeout", "1m"),
        ("policy.packs", ["pss-baseline", "images", "rbac", "gitops"]),
        ("freeze", {"file": ".gitops-ci/FREEZE", "variable": "GITOPS_CI_FREEZE"}),
        ("environments", {}),
        ("gates.prod.soak", None),
        ("gates.prod.checks[0].name", None),
        ("clustersFrom.secrets", None),
    ],
)
def test_built_in_values_are_shown_as_in_a_file(key: str, value: Any) -> None:
    assert chain_of(key, "") == [("built-in", value)]


def test_list_items_can_be_asked_for() -> None:
    text = "roots: [{chart: a}, {chart: b}]"
    assert chain_of("roots[1].chart", text)[-1] == (".gitops-ci.yaml:1:22", "b")
    assert chain_of("roots[2].chart", text) == [("built-in", None)]


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("report.failon", "did you mean 'failOn'?"),
        ("reports", "did you mean 'report'?"),
        ("report.failOn.x", ""),
        ("gates.prod.soaks", "did you mean 'soak'?"),
        ("", "write a key"),
    ],
)
def test_a_key_that_does_not_exist(key: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        explain_key(key, loaded(), PROD)
    assert hint in error.value.hint


def test_the_layouts_tell_what_a_path_is_about() -> None:
    text = 'layouts: ["apps/{app}/{env}"]\ngroups: {shop: {apps: ["w*"]}}'
    subject = Subjects(loaded(text).config).of_path("apps/web/prod/a.yaml")
    assert (subject.app, subject.environment, subject.groups) == ("web", "prod", ("shop",))
