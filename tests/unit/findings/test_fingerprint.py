from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.documents.read import read
from gitops_ci.findings.fingerprint import canonical_route, fingerprint, normalised
from gitops_ci.model.finding import Finding, ObjectRef, found
from gitops_ci.model.span import Location, Route
from tests.unit.findings.build import HOST_PATH, MUTABLE, WEB, fault

CONTAINERS: Route = ("spec", "containers", 1, "image")


def pod(images: list[tuple[str, str]], indent: int = 2, above: str = "") -> str:
    space = " " * indent
    lines = ["kind: Pod", "metadata:", f"{space}name: web", "spec:", f"{space}containers:"]
    for name, image in images:
        lines += [f"{space}- name: {name}", f"{space}  image: {image}"]
    return above + "\n".join(lines) + "\n"


def finding_in(text: str, route: Route, document: int = 0) -> tuple[Finding, SourceFile]:
    source = read("pod.yaml", text.encode())
    place = locate(source, document, route)
    assert place.exact
    return found(MUTABLE, "tag 'latest' can change", place.location, object=WEB), source


def print_of(text: str, route: Route, document: int = 0) -> str:
    finding, source = finding_in(text, route, document)
    return fingerprint(finding, {"pod.yaml": source}.get)


IMAGES = [("log", "log:1"), ("web", "web:latest")]


@given(
    st.integers(1, 8),
    st.integers(0, 20),
    st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3),
)
def test_moving_a_value_keeps_its_fingerprint(indent: int, lines: int, others: list[str]) -> None:
    images = [*((name, "x:1") for name in others), *IMAGES]
    moved = pod(images, indent, "# a comment\n" * lines)
    route = ("spec", "containers", len(others) + 1, "image")
    assert print_of(moved, route) == print_of(pod(IMAGES), CONTAINERS)


def test_a_document_above_keeps_the_fingerprint() -> None:
    text = "kind: ConfigMap\n---\n" + pod(IMAGES)
    assert print_of(text, CONTAINERS, 1) == print_of(pod(IMAGES), CONTAINERS)


def test_has_128_bits_in_hexadecimal() -> None:
    text = print_of(pod(IMAGES), CONTAINERS)
    assert len(text) == 32
    assert int(text, 16) > 0


def test_stays_the_same_between_versions() -> None:
    known = "20ec7249d3ea3a0daae4019650d6a5d8"
    assert fingerprint(fault(), lambda _: None) == known


DIFFERENT = [
    fault(rule=MUTABLE),
    fault(message="another"),
    fault(object=replace(WEB, name="api")),
    fault(object=replace(WEB, kind="StatefulSet")),
    fault(object=None),
    fault(object=None, path="apps/api.yaml"),
    fault(route=("spec",)),
    fault(route=("spec", "a")),
    fault(key="k"),
]
SAME = [
    fault(line=99),
    fault(path="elsewhere.yaml"),
    fault(message="a  host\npath"),
    fault(object=ObjectRef("apps", "v1beta2", "Deployment", "other", "web")),
    fault(root="overlays/prod", environment="prod", hint="h"),
]


def test_other_faults_have_other_fingerprints() -> None:
    prints = [fingerprint(item, lambda _: None) for item in [fault(), *DIFFERENT]]
    assert len(set(prints)) == len(prints)


def test_the_same_fault_has_the_same_fingerprint() -> None:
    assert {fingerprint(item, lambda _: None) for item in [fault(), *SAME]} == {
        fingerprint(fault(), lambda _: None)
    }


def test_the_key_stands_for_a_changing_message() -> None:
    first, second = (fault(message=f"{n} of them", key="many") for n in (1, 2))
    assert fingerprint(first, lambda _: None) == fingerprint(second, lambda _: None)


def test_messages_lose_places_and_versions() -> None:
    assert normalised("key 'a' is already defined on line 12") == normalised(
        "key 'a' is already defined on line 3"
    )
    assert normalised("see a.yaml:12:4") == normalised("see a.yaml:9:1")
    assert normalised("gone in Kubernetes 1.25") == normalised("gone in Kubernetes v1.31, 1.32")
    assert normalised("unknown field in a[0].b") == normalised("unknown field in a[1].b")
    assert normalised("port 8080") != normalised("port 8081")


def test_list_items_are_named_by_what_tells_them_apart() -> None:
    text = "a:\n- {key: k}\n- {containerPort: 80}\n- word\n- [1]\n- {x: 1}\n"
    source = read("a.yaml", text.encode())
    ways = [canonical_route(Location("a.yaml", None, ("a", n)), lambda _: source) for n in range(6)]
    assert [way[1] for way in ways] == [
        "[key=k]",
        "[containerPort=80]",
        "[word]",
        "[*]",
        "[*]",
        "[*]",
    ]


def test_a_route_without_a_source_is_still_stable() -> None:
    assert fingerprint(fault(rule=HOST_PATH, route=("a", 1)), lambda _: None) == fingerprint(
        fault(rule=HOST_PATH, route=("a", 2)), lambda _: None
    )
