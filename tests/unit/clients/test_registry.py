"""The registry client against scripted answers, most of them hostile."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from gitops_ci.clients.registry import MANIFEST_LIMIT, Registry, retry_after
from gitops_ci.clients.registry_auth import Credentials
from gitops_ci.model.errors import EndpointError
from gitops_ci.net.http import Answer, HttpError
from tests.support.registry import Image, digest, image

BASE = "https://registry.example/v2/"
TAGS = f"{BASE}shop/web/tags/list?n=1000"


class Script:
    """Answers by address; a list is gone through, its last entry stays. Keeps what was asked."""

    def __init__(self, answers: Mapping[str, Answer | list[Answer]]) -> None:
        self._answers = {url: a if isinstance(a, list) else [a] for url, a in answers.items()}
        self.asked: list[tuple[str, str]] = []
        self.slept: list[float] = []

    def __call__(self, url: str, headers: Mapping[str, str], limit: int) -> Answer:
        self.asked.append((url, headers.get("Authorization", "")))
        if url not in self._answers:
            raise HttpError(f"{url}: nobody there")
        queue = self._answers[url]
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if len(answer.body) > limit:
            raise HttpError(f"{url}: too large")
        return answer

    def registry(self, credentials: Credentials | None = None) -> Registry:
        return Registry("registry.example", credentials, fetch=self, sleep=self.slept.append)


def told(value: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, {k.replace("_", "-"): v for k, v in headers.items()}, json.dumps(value).encode())  # fmt: skip # noqa: E501


def tags(*names: Any, **headers: str) -> Answer:
    return told({"name": "shop/web", "tags": list(names)}, **headers)


def test_tags_of_all_pages_without_repetition() -> None:
    following = f"{BASE}shop/web/tags/list?last=1.1&n=1000"
    script = Script(
        {
            TAGS: tags("1.0", "1.1", link='</v2/shop/web/tags/list?last=1.1&n=1000>; rel="next"'),
            following: tags("1.1", "2.0"),
        }
    )
    assert script.registry().tags("shop/web") == ("1.0", "1.1", "2.0")


def test_names_that_are_no_tags_are_left_out() -> None:
    hostile = ("ok", "../x", "a b", "", 7, None, "x" * 129, "\x1b[31m", "::error::")
    assert Script({TAGS: tags(*hostile)}).registry().tags("shop/web") == ("ok",)
    assert Script({TAGS: told({"tags": None})}).registry().tags("shop/web") == ()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(404), "answers 404"),
        (Answer(200, {}, b"<html>"), "no JSON"),
        (Answer(200, {}, b"[" * 100_000), "no JSON"),
        (told([]), "no JSON object"),
        (told({"tags": {"a": 1}}), "no list"),
        (tags(link="<https://evil.example/v2/x/tags/list>; rel=next"), "another host"),
        (tags(link=f'<{TAGS}>; rel="next"'), "does not end"),
        (Answer(302, {"location": TAGS}), "redirects"),
        (Answer(302, {"location": "http://127.0.0.1/latest/meta-data"}), "points to this machine"),
        (Answer(401, {}), "wants credentials"),
        (Answer(401, {"www-authenticate": "Basic realm=x"}), "wants credentials"),
        (Answer(401, {"www-authenticate": 'Bearer realm="http://localhost/t"'}), "this machine"),
    ],
)
def test_hostile_answers_are_endpoint_errors(answer: Answer, words: str) -> None:
    with pytest.raises(EndpointError, match=words):
        Script({TAGS: answer}).registry().tags("shop/web")


def test_pages_without_end_are_given_up() -> None:
    class Endless(Script):
        def __call__(self, url: str, headers: Mapping[str, str], limit: int) -> Answer:
            self.asked.append((url, ""))
            return tags(link=f'</v2/shop/web/tags/list?last={len(self.asked)}>; rel="next"')

    script = Endless({})
    with pytest.raises(EndpointError, match="does not end"):
        script.registry().tags("shop/web")
    assert len(script.asked) == 1000


CHALLENGE = {
    "www-authenticate": 'Bearer realm="https://auth.example/token",service="registry.example",scope="x"'
}
TOKEN = "https://auth.example/token?scope=repository%3Ashop%2Fweb%3Apull&service=registry.example"


@pytest.mark.parametrize("key", ["token", "access_token"])
def test_a_token_is_fetched_once_and_goes_to_the_registry_only(key: str) -> None:
    blob = f"{BASE}shop/web/tags/list?last=a"
    script = Script(
        {
            TAGS: [Answer(401, CHALLENGE), tags("a", link=f"<{blob}>; rel=next")],
            blob: Answer(307, {"location": "https://cdn.example/list"}),
            "https://cdn.example/list": tags("b"),
            TOKEN: told({key: "abc"}),
        }
    )
    mine = Credentials("me", "secret")
    assert script.registry(mine).tags("shop/web") == ("a", "b")
    sent = dict(script.asked)
    assert sent[TOKEN] == mine.basic
    assert sent[blob] == sent[TAGS] == "Bearer abc"
    assert sent["https://cdn.example/list"] == ""
    assert "secret" not in repr(mine)


def test_basic_credentials_answer_a_basic_challenge() -> None:
    refused = Answer(401, {"www-authenticate": 'Basic realm="x"'})
    mine = Credentials("me", "secret")
    script = Script({TAGS: [refused, tags("1")]})
    assert script.registry(mine).tags("shop/web") == ("1",)
    assert script.asked[-1] == (TAGS, mine.basic)


@pytest.mark.parametrize("token", [None, 7, "", "a\r\nX: y", "ä"])
def test_a_token_that_is_none_is_refused(token: Any) -> None:
    script = Script({TAGS: Answer(401, CHALLENGE), TOKEN: told({"token": token})})
    with pytest.raises(EndpointError, match="holds no token"):
        script.registry().tags("shop/web")


def test_a_refused_token_is_not_asked_for_again_and_again() -> None:
    script = Script({TAGS: Answer(401, CHALLENGE), TOKEN: told({"token": "abc"})})
    with pytest.raises(EndpointError, match="answers 401"):
        script.registry().tags("shop/web")
    assert len(script.asked) == 3


def test_a_busy_registry_is_waited_for() -> None:
    busy = [Answer(429, {"retry-after": "7"}), Answer(503, {}), tags("1")]
    script = Script({TAGS: busy})
    assert script.registry().tags("shop/web") == ("1",)
    assert script.slept == [7.0, 2.0]


@pytest.mark.parametrize("wait", ["3600", "", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_nobody_waits_for_ever(wait: str) -> None:
    script = Script({TAGS: Answer(429, {"retry-after": wait})})
    with pytest.raises(EndpointError, match="answers 429") as error:
        script.registry().tags("shop/web")
    assert error.value.hint == "run again later"
    assert sum(script.slept) <= 60


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        ("0", 0.0),
        ("Thu, 01 Jan 2026 00:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 00:00:30 -0000", 30.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("soon", 9.0),
        ("-5", 9.0),
        ("9" * 5000, 9.0),
        ("", 9.0),
    ],
)
def test_retry_after(text: str, seconds: float) -> None:
    assert retry_after(text, 9.0, datetime(2026, 1, 1, tzinfo=UTC)) == seconds


CREATED = "2026-01-02T03:04:05.678901234Z"
ONE, TWO = image(CREATED), image(CREATED, ("linux/amd64", "linux/arm64"))


def at(kind: str, name: str) -> str:
    return f"{BASE}shop/web/{kind}/{name}"


def content_of(made: Image) -> dict[str, Answer | list[Answer]]:
    """The answers of a registry that holds the image as `1`."""
    answers: dict[str, Answer | list[Answer]] = {at("manifests", "1"): Answer(200, {}, made.top)}
    for manifest in made.manifests:
        answers[at("manifests", digest(manifest))] = Answer(200, {}, manifest)
    for blob in made.blobs:
        answers[at("blobs", digest(blob))] = Answer(200, {}, blob)
    return answers


def test_labels_of_every_platform() -> None:
    made = image("", ("linux/amd64", "linux/arm64"), lambda name: {"on": name, "odd": 1})
    found = Script(content_of(made)).registry().labels("shop/web", "1")
    assert found == ({"on": "linux/amd64"}, {"on": "linux/arm64"})
    single = image("", (), lambda _: {"a": "b"})
    assert Script(content_of(single)).registry().labels("shop/web", "1") == ({"a": "b"},)


@pytest.mark.parametrize("labels", [None, [], "a", {}, {"a": None}, {"a": {"b": "c"}}])
def test_labels_that_are_none(labels: Any) -> None:
    made = image("", (), lambda _: labels)
    assert Script(content_of(made)).registry().labels("shop/web", "1") == ({},)


def test_more_platforms_than_anybody_builds() -> None:
    made = image("", tuple(f"linux/a{number}" for number in range(33)))
    with pytest.raises(EndpointError, match="more than 32 platforms"):
        Script(content_of(made)).registry().labels("shop/web", "1")


def test_an_index_is_told_from_its_platforms() -> None:
    registry = Script(content_of(TWO)).registry()
    made = registry.manifest("shop/web", "1")
    assert made.digest == digest(TWO.top)
    assert list(made.platforms) == ["linux/amd64", "linux/arm64"]
    assert digest(TWO.top) not in made.platforms.values()
    assert registry.created("shop/web", "1") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


Change = Callable[[bytes], Answer]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"docker-content-digest": "sha256:" + "0" * 64}, ONE.top),
        Answer(200, {}, b"x" * (MANIFEST_LIMIT + 1)),
    ],
)
def test_a_manifest_that_lies_is_refused(answer: Answer) -> None:
    with pytest.raises(EndpointError):
        Script({at("manifests", "1"): answer}).registry().manifest("shop/web", "1")


def test_content_that_is_not_what_its_digest_says_is_refused() -> None:
    wanted = digest(ONE.top)
    script = Script({at("manifests", wanted): Answer(200, {}, TWO.top)})
    with pytest.raises(EndpointError, match="does not have the digest"):
        script.registry().manifest("shop/web", wanted)
    answers = {
        at("manifests", "1"): Answer(200, {}, ONE.top),
        at("blobs", digest(ONE.blobs[0])): Answer(200, {}, b'{"created": "1999"}'),
    }
    with pytest.raises(EndpointError, match="does not have this digest"):
        Script(answers).registry().created("shop/web", "1")


@pytest.mark.parametrize(
    "created", ["", "yesterday", "2026-13-01T00:00:00Z", "0" * 99, "2026-01-01"]
)
def test_a_time_that_is_none(created: str) -> None:
    made = image(created)
    answers = {
        at("manifests", "1"): Answer(200, {}, made.top),
        at("blobs", digest(made.blobs[0])): Answer(200, {}, made.blobs[0]),
    }
    assert Script(answers).registry().created("shop/web", "1") is None
