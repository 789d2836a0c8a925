"""What a command prints is what it proposes, byte for byte."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.command import gitops_ci
from tests.support.repository import Repository
from tests.unit.promote.build import images
from tests.unit.promote.places import THREE

ENVIRONMENTS = ("dev", "staging", "prod")
VERSIONS = st.sampled_from(["1.0.0", "1.1.0", "2.0.0-rc.1", "10.0.0"])
STANDS = st.fixed_dictionaries(
    {(app, env): VERSIONS for app in ("api", "web") for env in ENVIRONMENTS}
)
COMMANDS = st.one_of(
    st.sampled_from(ENVIRONMENTS[1:]).map(lambda env: ("promote", "--to", env)),
    st.tuples(st.sampled_from(["web", "api"]), VERSIONS, st.sampled_from(ENVIRONMENTS)).map(
        lambda it: ("bump", f"shop/{it[0]}:{it[1]}", "--env", it[2])
    ),
)


@settings(max_examples=6, deadline=None)
@given(stands=STANDS, words=COMMANDS, remark=st.sampled_from(["", "# kept\r\n", "# täg\n"]))
def test_the_printed_plan_is_the_proposed_one(
    stands: dict[tuple[str, str], str], words: tuple[str, ...], remark: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = Repository(Path(folder) / "shop")
        files = {
            f"apps/{app}/overlays/{env}/kustomization.yaml": images(f"shop/{app}", tag) + remark
            for (app, env), tag in stands.items()
        }
        repository.commit({".gitops-ci.yaml": THREE, **files})
        printed, proposed = run(repository, *words), run(repository, *words, "--pr")
        assert printed["diff"] == proposed["diff"]
        assert printed["edits"] == proposed["edits"]
        for proposal in proposed["proposals"]:
            repository.git("merge", "--quiet", "--no-edit", proposal["branch"])
        if printed["diff"]:
            patch = Path(folder) / "plan.diff"
            patch.write_bytes(printed["diff"].encode())
            repository.git("apply", "--reverse", str(patch))
            assert {path: (repository.root / path).read_bytes().decode() for path in files} == files


def run(repository: Repository, *words: str) -> dict[str, Any]:
    ended = gitops_ci(repository.root, *words, "--format", "json")
    assert ended.code in (0, 1), ended.err
    made: dict[str, Any] = json.loads(ended.out)
    return made
