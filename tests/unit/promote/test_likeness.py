"""Earlier texts that are like one which was read: what follows from it is what reading gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_ci.promote.likeness import Likenesses
from gitops_ci.promote.state import Pin
from gitops_ci.promote.survey import Reading, Survey
from tests.unit.promote.build import deployment, images
from tests.unit.promote.places import CONFIG, THREE, sight

DIGEST = f"sha256:{'a1' * 32}"
FOLDER = "apps/web/overlays/dev"
FILES = {
    f"{FOLDER}/kustomization.yaml": images("shop/web", "@@").replace("[../../base]", "[web.yaml]"),
    f"{FOLDER}/web.yaml": deployment("ghcr.io/shop/web:@@"),
    f"{FOLDER}/quoted.yaml": deployment('"ghcr.io/shop/quoted:@@"', "quoted"),
    f"{FOLDER}/pinned.yaml": deployment(f"ghcr.io/shop/pinned:@@@{DIGEST}", "pinned"),
    f"{FOLDER}/values.yaml": "image: {repository: shop/split, tag: '@@'}\n# for @@\nreplicas: 2\n",
    f"{FOLDER}/two.yaml": f"{deployment('shop/a:@@', 'a')}---\n{deployment('shop/b:@@', 'b')}",
    f"{FOLDER}/alias.yaml": "image: {repository: shop/c, tag: &t v@@}\nother: *t\n",
    f"{FOLDER}/windows.yaml": deployment("shop/w:@@", "w").replace("\n", "\r\n"),
}
PLAIN = ("1.2.3", "v2.0.0", "1.2.3-rc.1", "main-3f2a91c-7", "3f2a91c", "10.4.0-alpine")
ODD = (
    "1.10", "1e3", "72044e1", "0x1f", "0123", "yes", "latest", "", "~", "2026-01-01", "1:30", "$X",
    "1.2.3 # new", "1.2.3\n", "{{ v }}", "'1.2.3'", '"1.2.3"', "1.2.3, tag: x", "ä", ".inf", "-",
    "1.2.3+4", "1_0.0.0", "*t", "!!str x1", "1.2.3: x", "1.2.3@x", "x" * 200 + "1",
)  # fmt: skip


def survey() -> Survey:
    files = {path: text.replace("@@", "1.0.0") for path, text in FILES.items()}
    return sight({CONFIG: THREE, **files}).survey


SURVEY = survey()


def read(path: str, version: str, likenesses: Likenesses | None = None) -> tuple[Reading, ...]:
    source = SURVEY.parse(path, FILES[path].replace("@@", version).encode())
    readings = tuple(SURVEY.read(source))
    if likenesses is not None:
        likenesses.learn(source, readings)
    return readings


def liked(path: str, version: str, known: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """What follows from texts with the `known` versions."""
    likenesses = Likenesses()
    for one in known:
        read(path, one, likenesses)
        likenesses.read(path, b"")
    return likenesses.read(path, FILES[path].replace("@@", version).encode())


def spelt(readings: tuple[Reading, ...]) -> list[object]:
    """Everything that counts of readings."""
    found: list[object] = []
    for place, pin in readings:
        assert isinstance(pin, Pin)
        found.append((place, pin.slot, pin.version, pin.site, pin.inherited))
    return found


@given(
    st.sampled_from(sorted(FILES)),
    st.sampled_from(PLAIN + ODD),
    st.lists(st.sampled_from(PLAIN + ODD), min_size=1, max_size=3).map(tuple),
)
@settings(max_examples=300, deadline=None)
def test_what_follows_is_what_reading_gives(
    path: str, version: str, known: tuple[str, ...]
) -> None:
    found = liked(path, version, known)
    if found is not None:
        assert spelt(found) == spelt(read(path, version))


@pytest.mark.parametrize("version", PLAIN)
@pytest.mark.parametrize("path", [path for path in FILES if "alias" not in path])
def test_a_bump_is_not_read_anew(path: str, version: str) -> None:
    found = liked(path, version, ("0.9.1",))
    seen = "values" not in path  # its comment holds the version as well
    assert (found is not None) is seen
    assert found is None or spelt(found) == spelt(read(path, version))


@pytest.mark.parametrize(
    ("path", "change"),
    [("web.yaml", ("name: web", "name: wob")), ("web.yaml", ("shop/web", "shop/wob")),
     ("two.yaml", ("---\n", "---\n# more\n")), ("kustomization.yaml", ("newTag", "digest"))],
)  # fmt: skip
def test_any_other_change_is_read(path: str, change: tuple[str, str]) -> None:
    likenesses = Likenesses()
    full = f"{FOLDER}/{path}"
    read(full, "1.0.0", likenesses)
    text = FILES[full].replace("@@", "1.0.1")
    assert likenesses.read(full, text.encode()) is not None
    assert likenesses.read(full, text.replace(*change).encode()) is None


def test_a_file_that_always_changes_otherwise_is_not_kept_forever() -> None:
    path = f"{FOLDER}/web.yaml"
    likenesses = Likenesses()
    for number in range(6):
        text = f"# {number}\n" + FILES[path].replace("@@", "1.0.0")
        assert likenesses.read(path, text.encode()) is None
        source = SURVEY.parse(path, text.encode())
        likenesses.learn(source, tuple(SURVEY.read(source)))
    text = FILES[path].replace("@@", "1.0.1")
    assert likenesses.read(path, f"# 2\n{text}".encode()) is not None
    assert likenesses.read(path, f"# 5\n{text}".encode()) is None
