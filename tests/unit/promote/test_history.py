"""How long a state stood: by content, on the first-parent line, whatever commits say."""

from __future__ import annotations

from datetime import UTC, datetime

from gitops_ci.promote.history import Standing
from tests.support.repository import Repository
from tests.unit.promote.build import deployment
from tests.unit.promote.places import CONFIG, THREE, Files, history, place, sight

DEV, PROD = (f"apps/web/overlays/{env}/web.yaml" for env in ("dev", "prod"))
PLACE = place("dev/web")
CONFIGURED: Files = {CONFIG: THREE}


def dev(version: str) -> Files:
    return {DEV: deployment(f"shop/web:{version}")}


def told(standings: tuple[Standing, ...]) -> list[tuple[str, str, float, float | None]]:
    return [
        (
            "+".join(item.state.versions()),
            item.commit,
            item.since.timestamp(),
            item.until.timestamp() if item.until else None,
        )
        for item in standings
    ]


def test_each_state_stands_until_the_next_one() -> None:
    made = history([(10, {**CONFIGURED, **dev("1")}), (20, dev("2")), (50, dev("1"))])
    standings = made.standings(PLACE)
    assert told(standings) == [("1", "c0", 10, 20), ("2", "c1", 20, 50), ("1", "c2", 50, None)]
    now = datetime.fromtimestamp(60, UTC)
    assert [item.lasted(now) for item in standings] == [10, 30, 10]
    assert standings[0].state.fingerprint == standings[2].state.fingerprint


def test_other_lines_and_other_places_change_nothing() -> None:
    moved = {DEV: "# a comment\n" + deployment("shop/web:1")}
    elsewhere = {PROD: deployment("shop/web:0")}
    made = history([(10, {**CONFIGURED, **dev("1")}), (20, moved), (30, elsewhere)])
    assert told(made.standings(PLACE)) == [("1", "c0", 10, None)]


def test_a_file_that_goes_ends_the_state() -> None:
    extra = {"apps/web/overlays/dev/more.yaml": deployment("shop/more:1", "more")}
    gone = {"apps/web/overlays/dev/more.yaml": ""}
    made = history([(10, {**CONFIGURED, **dev("1")}), (20, extra), (30, gone)])
    assert [item[0] for item in told(made.standings(PLACE))] == ["1", "1", "1"]
    assert len({item.state.fingerprint for item in made.standings(PLACE)}) == 2


def test_a_commit_is_not_older_than_its_parents() -> None:
    made = history([(100, {**CONFIGURED, **dev("1")}), (5, dev("2")), (120, dev("3"))])
    assert [item[2] for item in told(made.standings(PLACE))] == [100, 100, 120]


def test_a_date_to_come_makes_nothing_old() -> None:
    (standing,) = history([(900, {**CONFIGURED, **dev("1")})]).standings(PLACE)
    assert standing.lasted(datetime.fromtimestamp(60, UTC)) == 0


def test_a_history_that_is_cut_off_says_so() -> None:
    steps = [(10, {**CONFIGURED, **dev("1")}), (20, dev("2"))]
    assert [item.first for item in history(steps, cut=True).standings(PLACE)] == [True, False]
    assert [item.first for item in history(steps).standings(PLACE)] == [False, False]


def test_a_text_that_cannot_be_read_is_a_state_without_it() -> None:
    made = history([(10, {**CONFIGURED, **dev("1")}), (20, {DEV: "a: [\n"}), (30, dev("1"))])
    assert [item[0] for item in told(made.standings(PLACE))] == ["1", "", "1"]


def test_merges_count_as_one_commit_of_the_line(repository: Repository) -> None:
    repository.commit({**CONFIGURED, **dev("1")})
    repository.git("switch", "--quiet", "-c", "topic")
    repository.commit(dev("2"))
    repository.commit(dev("3"))
    repository.git("switch", "--quiet", "main")
    repository.commit({"other": "x"})
    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    merge = repository.git("rev-parse", "HEAD")
    from gitops_ci.git.repository import Git

    seen = sight({**CONFIGURED, **dev("3")})
    made = seen.history(Git(repository.root), "HEAD")
    assert [(item[0], item[1] == merge) for item in told(made.standings(PLACE))] == [
        ("1", False),
        ("3", True),
    ]


def test_a_list_that_environments_share_is_read_for_each(repository: Repository) -> None:
    config = (
        "version: 1\nenvironments: {dev: {}, prod: {from: [dev]}}\n"
        "sites: [{file: 'sets/{app}.yaml', select: 'items[env={env}]', keys: [tag]}]\n"
    )
    path = "sets/web.yaml"

    def text(one: str, other: str) -> str:
        return f"items:\n- {{env: dev, tag: '{one}'}}\n- {{env: prod, tag: '{other}'}}\n"

    steps = [(1, {CONFIG: config, path: text("1", "1")}), (2, {path: text("2", "1")})]
    made = history(steps)
    assert [i[0] for i in told(made.standings(place("dev/web"), [path]))] == ["1", "2"]
    assert [i[0] for i in told(made.standings(place("prod/web"), [path]))] == ["1"]
