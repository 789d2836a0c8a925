"""Each rule of each pack on its cases, as files: `good*.yaml` stays silent, `bad*.yaml` gives
exactly the lines of the `.expected` file beside it. Comments at the top of a case say what files
cannot: `# protected`, `# kubernetes: 1.NN`, `# registries: GLOB …`, `# digests: GLOB …`,
`# order: dev prod`, `# declared` (the environments are), `# path: FILE`, `# url: ADDRESS`,
`# unseen: group/Kind …` (kinds of objects that the run did not look at).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_ci.policy.choice import every_rule
from tests.support.policy_cases import lines_of

FOLDER = Path(__file__).parent
IDS = [rule.id for rule in every_rule()]
GOOD = [path for name in IDS for path in sorted((FOLDER / name).glob("good*.yaml"))]
BAD = [path for name in IDS for path in sorted((FOLDER / name).glob("bad*.yaml"))]


def rule_of(path: Path) -> str:
    return path.parent.relative_to(FOLDER).as_posix()


def name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_a_good_case_is_silent(path: Path) -> None:
    assert lines_of(path, rule_of(path)) == []


@pytest.mark.parametrize("path", BAD, ids=name)
def test_a_bad_case_gives_what_is_expected(path: Path) -> None:
    expected = path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert lines_of(path, rule_of(path)) == expected


@pytest.mark.parametrize("rule_id", IDS)
def test_every_rule_has_a_good_and_a_bad_case(rule_id: str) -> None:
    assert list((FOLDER / rule_id).glob("good*.yaml"))
    assert list((FOLDER / rule_id).glob("bad*.yaml"))


def test_every_expected_text_belongs_to_a_case() -> None:
    prefixes = {rule_id.partition("/")[0] for rule_id in IDS}
    texts = [path for prefix in prefixes for path in (FOLDER / prefix).rglob("*.expected")]
    assert [path for path in texts if not path.with_suffix(".yaml").exists()] == []


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.id)
def test_every_rule_says_why_and_where_to_read_on(rule: object) -> None:
    assert rule.rationale  # type: ignore[attr-defined]
    assert rule.url.startswith("https://")  # type: ignore[attr-defined]
