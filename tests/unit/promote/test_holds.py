"""Holds: what the file says, whom it keeps out, and how it is edited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gitops_ci.documents.read import read
from gitops_ci.forge.files import changed_files
from gitops_ci.model.errors import UsageError
from gitops_ci.promote.hold_edits import end_of, with_holds, without_holds
from gitops_ci.promote.holds import PATH, Hold, Holds, Named, read_holds

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEB = "docker.io/shop/web"


def holds(text: str, *environments: str) -> Holds:
    return read_holds(read(PATH, text.encode()), environments)


def entry(**values: str) -> str:
    words = {"environment": "prod", "app": "web", "reason": "broke", **values}
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in words.items()) + "\n"


@pytest.mark.parametrize(
    ("version", "coming", "overtaken", "is_held"),
    [
        (f"{WEB} 1.4.0", (WEB, "1.4.0"), (), True),
        (f"{WEB} 1.4.0", (WEB, "1.3.9"), (), True),
        (f"{WEB} 1.4.0", (WEB, "1.4.1"), (), False),
        (f"{WEB} 1.4.0", (WEB, "1.4.0@sha256:aa"), (), True),
        (f"{WEB} 1.4.0", ("docker.io/shop/worker", "1.0.0"), (), False),
        ("'1.4.0'", (WEB, "1.4.0"), (), True),
        ("'1.4.0'", (WEB, "1.3.0"), (), True),
        (f"{WEB} abc1234", (WEB, "abc1234"), (), True),
        (f"{WEB} abc1234", (WEB, "def5678"), (), False),
        (f"{WEB} abc1234", (WEB, "def5678"), ((WEB, "abc1234"),), True),
        (f"{WEB} 1.4.0@sha256:aa", (WEB, "1.4.0@sha256:bb"), (), False),
        (f"{WEB} sha256:aa", (WEB, "sha256:aa"), (), True),
        (f"['{WEB} 1.4.0', 'a/b 2']", ("a/b", "2"), (), True),
    ],
)
def test_until_newer_lets_only_newer_versions_pass(
    version: str, coming: Named, overtaken: tuple[Named, ...], is_held: bool
) -> None:
    known = holds(entry(version=version))
    assert not known.findings
    assert (known.held("web", "prod", [coming], NOW, overtaken) is not None) is is_held


def test_a_name_tells_versions_of_several_images_apart() -> None:
    known = holds(entry(version="'1.4.0'"))
    both = [(WEB, "1.5.0"), ("proxy", "1.0.0")]
    assert known.held("web", "prod", both, NOW) is None


@pytest.mark.parametrize(
    ("until", "now", "is_held"),
    [
        ("manual", NOW, True),
        ("2026-03-01", NOW, True),
        ("2026-03-01", NOW + timedelta(hours=12), False),
        ("2026-03-01T12:00:01Z", NOW, True),
        ("2026-03-01T13:00:00+01:00", NOW, False),
        ("released", NOW, False),
    ],
)
def test_other_holds_keep_everything_out_while_they_last(
    until: str, now: datetime, is_held: bool
) -> None:
    known = holds(entry(until=until))
    assert not known.findings
    assert (known.held("web", "prod", [(WEB, "9")], now) is not None) is is_held
    assert known.held("web", "dev", [(WEB, "9")], now) is None
    assert known.held("cart", "prod", [(WEB, "9")], now) is None


def test_a_hold_without_an_app_is_about_all_of_them() -> None:
    known = holds("- {environment: 'prod*', reason: sale, until: manual}\n")
    assert known.held("anything", "prod-eu", [], NOW) is not None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (entry(version="1.4"), 4, 'quote it: "1.4"'),
        (entry(until="tomorrow", version="'1'"), 4, "'tomorrow' is no date or time"),
        (entry(until="2026-03-01T12:00:00", version="'1'"), 4, "time zone"),
        (entry(), 1, "has to name a version"),
        (entry(version="'1'", vesion="x"), 5, "unknown key 'vesion'"),
        ("- environment: prdo\n  reason: x\n  until: manual\n", 1, "no environment 'prdo'"),
        ("- app: web\n  reason: x\n  until: manual\n", 1, "'environment' is missing"),
        ("environment: prod\n", 1, "holds are a list"),
        ("- environment: prod\n  reason: ''\n  until: manual\n", 2, "must not be empty"),
        ("- [\n", 2, ""),
        ("- text\n", 1, "mapping"),
    ],
)
def test_faults_are_findings_on_their_line(text: str, line: int, words: str) -> None:
    known = holds(text, "dev", "prod")
    finding = known.findings[0]
    assert words in f"{finding.message} ({finding.hint})"
    if words:
        assert finding.location.line == line
        assert not known.items


def test_no_file_and_an_empty_one_hold_nothing() -> None:
    assert read_holds(None) == holds("") == holds("# nothing\n") == Holds()


def edited(text: str | None, new: list[Hold]) -> str:
    source = None if text is None else read(PATH, text.encode())
    data = None if text is None else text.encode()
    (changed,) = changed_files(with_holds(source, new), lambda _path: data)
    assert changed.after is not None
    return changed.after.decode()


HOLD = Hold("prod", "web", ((WEB, "1.4.0"),), "checkout: broke", "ada")


def test_a_hold_is_written_once_and_read_back() -> None:
    text = edited(None, [HOLD])
    assert text == (
        "- environment: prod\n  app: web\n  version: docker.io/shop/web 1.4.0\n"
        '  reason: "checkout: broke"\n  by: ada\n  until: until-newer\n'
    )
    (known,) = holds(text).items
    assert (known.versions, known.reason, known.mode) == (HOLD.versions, HOLD.reason, HOLD.mode)
    assert with_holds(read(PATH, text.encode()), [HOLD]) == ()


@pytest.mark.parametrize(
    "start", ["# ours\n", "", "# ours\n- {environment: dev, reason: x, until: manual} # y\n"]
)
def test_what_stands_there_stays(start: str) -> None:
    other = Hold("prod", "cart", (), "why", "", "", NOW)
    text = edited(start, [HOLD, other])
    assert text.startswith(start)
    assert [hold.app for hold in holds(text).items][-2:] == ["web", "cart"]
    assert holds(text).items[-1].until == NOW


def test_a_hold_is_lifted_and_the_others_stay() -> None:
    text = "# ours\n" + entry(until="manual") + "# cart\n" + entry(app="cart", until="manual")
    source = read(PATH, text.encode())
    edits, going, staying = without_holds(source, ["prod"], ["web"])
    assert ([h.app for h in going], staying) == (["web"], ())
    (changed,) = changed_files(edits, lambda _path: text.encode())
    assert changed.after == ("# ours\n# cart\n" + entry(app="cart", until="manual")).encode()
    edits, going, _ = without_holds(source, ["prod"], [])
    (changed,) = changed_files(edits, lambda _path: text.encode())
    assert (changed.after, len(going)) == (None, 2)


def test_a_hold_about_more_is_told_and_stays() -> None:
    source = read(PATH, entry(app="'*'", until="manual").encode())
    edits, going, staying = without_holds(source, ["prod"], ["web"])
    assert (edits, going, len(staying)) == ((), (), 1)


@pytest.mark.parametrize("text", ["a: b\n", "- a\n---\n- b\n", "- [\n"])
def test_a_file_that_is_something_else_is_not_changed(text: str) -> None:
    with pytest.raises(UsageError):
        with_holds(read(PATH, text.encode()), [HOLD])


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("manual", ("manual", None)),
        ("until-newer", ("until-newer", None)),
        ("48h", ("", NOW + timedelta(days=2))),
        ("2026-03-02", ("", datetime(2026, 3, 3, tzinfo=UTC))),
    ],
)
def test_how_long(text: str, end: tuple[str, datetime | None]) -> None:
    assert end_of(text, NOW) == end


@pytest.mark.parametrize("text", ["released", "soon", "", "99999999999d"])
def test_not_how_long(text: str) -> None:
    with pytest.raises(UsageError):
        end_of(text, NOW)
