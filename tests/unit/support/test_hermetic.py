"""The harness itself: what it must stop, and what it must let through."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.support.hermetic import scrub
from tests.support.repository import Repository


@pytest.mark.parametrize(
    "name",
    ["CI", "GITHUB_TOKEN", "INPUT_FAIL-ON", "GITLAB_CI", "CI_COMMIT_SHA", "GIT_DIR",
     "GITOPS_CI_FREEZE", "RUNNER_TEMP", "ACTIONS_RUNTIME_TOKEN", "PYTHONPATH"],
)  # fmt: skip
def test_a_variable_of_the_machine_is_removed(name: str) -> None:
    environ = {name: "x", "PATH": "/bin"}
    scrub(environ)
    assert environ == {"PATH": "/bin"}


@pytest.mark.parametrize("name", ["PATH", "LANG", "GITOPS_CI_TOOLS", "CIRCUS", "SSL_CERT_FILE"])
def test_other_variables_stay(name: str) -> None:
    environ = {name: "x"}
    scrub(environ)
    assert environ == {name: "x"}


def test_the_home_is_empty_and_private() -> None:
    home = Path.home()
    assert "gitops-ci-tests-" in str(home)
    assert Path(os.environ["XDG_CACHE_HOME"]).is_relative_to(home)


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_a_connection_to_elsewhere_fails_the_test(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with (
        socket.socket(family) as probe,
        pytest.raises(pytest.fail.Exception, match="reached for the network"),
    ):
        probe.connect((address, 9))


def test_a_name_look_up_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match="getaddrinfo"):
        socket.getaddrinfo("example.com", 443)


def test_the_machine_itself_can_be_reached(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(tmp_path / "s"))
        assert (tmp_path / "s").is_socket()


def test_equal_work_gives_equal_commits(tmp_path: Path) -> None:
    first, second = (Repository(tmp_path / name) for name in ("a", "b"))
    assert first.commit({"x": "1"}) == second.commit({"x": "1"})
    assert first.commit({"x": "2"}) != second.commit({"x": "3"})
