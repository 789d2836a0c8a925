"""What is generated from the code is as fresh as the code."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from gitops_ci.config.fields import fields_of
from gitops_ci.config.keys import parse_key
from gitops_ci.config.model import Config
from gitops_ci.model.skip import REASONS, SkipClass
from gitops_ci.steps.option import declared
from gitops_ci.steps.registry import STEPS, Entry
from gitops_ci.steps.rule_book import every_rule
from scripts.generate import UNREAD, generated
from scripts.picture import svg
from tests.support.tools import ROOT


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def test_every_generated_file_is_fresh() -> None:
    stale = [
        path
        for path, text in generated()
        if not (ROOT / path).is_file() or (ROOT / path).read_text("utf-8") != text
    ]
    assert stale == [], "run `make generate`"


@pytest.mark.parametrize("entry", STEPS, ids=lambda entry: entry.name)
def test_every_command_and_option_is_in_the_reference(entry: Entry) -> None:
    _, _, rest = page("reference/commands.md").partition(f"\n## {entry.name}\n")
    section = rest.partition("\n## ")[0]
    assert section
    options = declared(entry.load().Inputs)
    assert [item.flag for item in options if f"| `{item.flag}" not in section] == []


def test_every_rule_is_in_the_reference() -> None:
    text = page("reference/rules.md")
    assert [rule.id for rule in every_rule() if f"`{rule.id}`" not in text] == []


def test_the_verdict_names_every_class_with_reasons_of_it() -> None:
    rows = re.findall(r"^\| (\w+) \| (`.*?`) \|", page("verdict.md"), re.MULTILINE)
    assert [word for word, _ in rows] == [klass.value for klass in SkipClass]
    for word, examples in rows:
        assert {REASONS[name].value for name in re.findall(r"`([a-z-]+)`", examples)} == {word}


def test_sections_without_effect_exist() -> None:
    keys = [parse_key(name.replace("*", "any")) for name in UNREAD]
    assert len({key.route for key in keys}) == len(UNREAD)


def test_the_sample_is_a_configuration_that_the_schema_accepts() -> None:
    sample = yaml.safe_load(page("reference/gitops-ci.yaml"))
    assert set(sample) == {info.yaml for info in fields_of(Config)}


def test_the_picture_is_well_formed_and_escapes_what_it_shows() -> None:
    image = svg("\x1b[1;31m<b> & 'c'\x1b[0m plain\n\nlast")
    texts = ["".join(item.itertext()) for item in ElementTree.fromstring(image).iter()]
    assert "<b> & 'c' plain" in texts
    assert "last" in texts
    assert ElementTree.parse(Path(ROOT / "docs/images/check.svg")).getroot().tag.endswith("svg")


def test_every_option_for_the_action_is_one_input() -> None:
    action = (ROOT / "action.yml").read_text("utf-8")
    names = re.findall(r"^  ([a-z0-9-]+):$", action.partition("\noutputs:")[0], re.MULTILINE)
    options = [item for entry in STEPS for item in declared(entry.load().Inputs)]
    wanted = {item.flag.removeprefix("--") for item in options if item.option.action}
    assert len(names) == len(set(names))
    assert wanted < set(names)
