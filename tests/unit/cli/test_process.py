from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from gitops_ci.cli.process import short_lived


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_a_run_is_not_collected_and_neither_is_its_end() -> None:
    seen: list[bool] = []

    def job() -> int:
        seen.append(gc.isenabled())
        return 7

    assert short_lived(job) == 7
    assert seen == [False]
    assert gc.get_freeze_count() > 0
    assert gc.get_objects(generation=2) == []
