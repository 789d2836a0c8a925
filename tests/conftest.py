"""Every test runs in a scrubbed environment, in an empty home and behind a socket guard."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from gitops_ci.tools.find import TOOLS_VARIABLE, private_folder
from tests.support.hermetic import SocketGuard, scrub, settle
from tests.support.repository import Repository
from tests.support.tools import REQUIRE_ALL

PLATFORM = "platform: "
"""How the reason of a skip begins that no installation can heal, such as running as root."""

BUSY = (HealthCheck.too_slow,)
"""What a machine that does other things at the same time cannot promise."""
settings.register_profile(
    "fixed", derandomize=True, deadline=None, database=None, suppress_health_check=BUSY
)
settings.register_profile(
    "nightly", max_examples=2000, deadline=None, print_blob=True, suppress_health_check=BUSY
)
settings.load_profile("fixed")

if TOOLS_VARIABLE not in os.environ and private_folder().is_dir():
    os.environ[TOOLS_VARIABLE] = str(private_folder())
scrub(os.environ)
_home = tempfile.TemporaryDirectory(prefix="gitops-ci-tests-", ignore_cleanup_errors=True)
settle(os.environ, Path(_home.name))
_guard = SocketGuard()


def pytest_unconfigure() -> None:
    """Remove the home of the run."""
    _home.cleanup()


@pytest.fixture(autouse=True)
def _closed_network(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("network"):
        with _guard.opened():
            yield
    else:
        yield


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty git repository."""
    return Repository(tmp_path / "repository")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is required, a skip is a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(REQUIRE_ALL) == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(PLATFORM):
            report.outcome = "failed"
            report.longrepr = f"skipped where nothing may be: {reason}"
    return report
