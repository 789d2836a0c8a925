from __future__ import annotations

import importlib
import importlib.util
import re
import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gitops_ci.secrets.formats import FORMATS
from gitops_ci.secrets.library import PLUGINS, Library, library
from tests.support.fakes import fill
from tests.unit.secrets.searching import found

pytestmark = pytest.mark.skipif(library() is None, reason="detect-secrets is not installed")


@pytest.fixture
def known() -> Library:
    made = library()
    assert made is not None
    return made


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_every_plugin_exists(plugin) -> None:  # type: ignore[no-untyped-def]
    module = importlib.import_module(f"detect_secrets.plugins.{plugin.module}")
    assert hasattr(module, plugin.name)
    assert all(word == word.lower() for word in plugin.words)


SAMPLES = {
    "AWSKeyDetector": "aws_secret_key = '{{fake:alnum 40}}'",
    "ArtifactoryDetector": "AKC{{fake:alnum 12}} and AP1{{fake:alnum 12}}",
    "AzureStorageKeyDetector": "AccountKey={{fake:alnum 88}}",
    "CloudantDetector": 'cloudant_password: "{{fake:hex 64}}"',
    "DiscordBotTokenDetector": "discord M{{fake:alnum 23}}.{{fake:alnum 6}}.{{fake:alnum 27}}",
    "IbmCloudIamDetector": 'ibm-cloud-iam-key : "{{fake:alnum 44}}"',
    "IbmCosHmacDetector": "cos_hmac_secret_access_key=> {{fake:hex 48}}",
    "JwtTokenDetector": "{{fake:jwt}}",
    "MailchimpDetector": "{{fake:hex 32}}-us12",
    "NpmDetector": "//registry.npmjs.org/:_authToken=npm_x",
    "SendGridDetector": "SG.{{fake:alnum 22}}.{{fake:alnum 43}}",
    "SlackDetector": "XOXB-1-{{fake:hex 12}}",
    "SoftlayerDetector": "softlayer_key={{fake:hex 64}}",
    "TwilioKeyDetector": "twilio SK{{fake:hex 32}}",
}


def test_what_is_said_about_a_plugin_holds_wherever_it_finds_something(known: Library) -> None:
    lines = [fill(text, "library") for text in SAMPLES.values()]
    lines += [fill(text, "library") for item in FORMATS for text in item.bad]
    telling = set()
    for plugin in PLUGINS:
        detector = known.plugin(plugin)
        own = [line for line in lines if any(word in line.lower() for word in plugin.words)]
        for line in own:
            if list(detector.analyze_string(line)):
                telling.add(plugin.name)
                assert re.search(plugin.shape, line), plugin.name
    assert telling >= SAMPLES.keys()


@settings(max_examples=30)
@given(st.text(string.ascii_letters + string.digits + "+/-_=! ", min_size=20, max_size=80))
def test_entropy_is_that_of_the_plugin(text: str) -> None:
    plugin = importlib.import_module("detect_secrets.plugins.high_entropy_strings")
    entropy = plugin.Base64HighEntropyString().calculate_shannon_entropy(text)
    assume(abs(entropy - 4.5) > 1e-9)
    assert Library().is_entropic(text) is (entropy > 4.5)


def test_its_plugins_see_the_lines_with_their_words(known: Library) -> None:
    files = {"v.yaml": "x: 1\nkey: {{fake:github ghp_}}\n"}
    assert [item[:3] for item in found(dict(files), library=known, formats=())] == [
        ("v.yaml", 2, "secret/token")
    ]


def test_our_own_formats_say_more(known: Library) -> None:
    files = {"v.yaml": "key: {{fake:github ghp_}}\n"}
    ((_, _, rule, _),) = found(dict(files), library=known)
    assert rule not in ("secret/token", "secret/credential")


def test_entropy_alone_finds_nothing_and_makes_doubts_sure(known: Library) -> None:
    assert found({"v.yaml": "key: {{fake:b64 60}}\n"}, library=known, formats=()) == []
    assert known.is_entropic(fill("{{fake:b64 60}}", "library"))
    assert not known.is_entropic("short")
    assert not known.is_entropic("a" * 60)


def test_placeholders_are_dropped(known: Library) -> None:
    text = f"key: ghp_{'x' * 36}\n"
    assert found({"v.yaml": text}, library=known, formats=()) == []


def test_our_formats_are_plugins_of_detect_secrets() -> None:
    from detect_secrets.core.plugins.initialize import from_file
    from detect_secrets.plugins.base import BasePlugin

    from gitops_ci.secrets import plugins

    classes = {item.__name__: item for item in from_file(plugins.__file__)}
    assert set(classes) == {plugins.plugin_name(item.id) for item in FORMATS}
    assert all(issubclass(item, BasePlugin) for item in classes.values())
    item = FORMATS[0]
    detector = classes[plugins.plugin_name(item.id)]()
    line = next(text for text in item.bad)
    assert all(isinstance(value, str) for value in detector.analyze_string(line))
    assert detector.secret_type == item.name
