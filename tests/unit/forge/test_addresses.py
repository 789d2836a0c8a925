from __future__ import annotations

import pytest

from gitops_ci.forge.addresses import repository_at

HOST, BELOW, PORT = "https://git.example", "https://git.example/lab/", "https://git.example:8443"


@pytest.mark.parametrize(
    ("server", "address", "path"),
    [
        (HOST, "https://git.example/org/app", "org/app"),
        (HOST, "https://GIT.example/org/app.git/", "org/app"),
        (HOST, "http://git.example:80/org/app", ""),
        (HOST, "https://git.example:443/org/app", "org/app"),
        (HOST, "https://git.example:8443/org/app", ""),
        (PORT, "https://git.example:8443/org/app", "org/app"),
        (PORT, "ssh://git@git.example:22/org/app", "org/app"),
        (HOST, "git+https://user@git.example/group/sub/app.git", "group/sub/app"),
        (HOST, "git@git.example:org/app.git", "org/app"),
        (HOST, "ssh://git@git.example/org/app", "org/app"),
        (BELOW, "https://git.example/lab/org/app", "org/app"),
        (BELOW, "https://git.example/org/app", ""),
        (BELOW, "git@git.example:org/app", "org/app"),
        (HOST, "https://git.example.evil/org/app", ""),
        (HOST, "https://git.example@evil/org/app", ""),
        (HOST, "https://git.example/app", ""),
        (HOST, "https://git.example/org/../../admin", ""),
        (HOST, "https://git.example/org/a b", ""),
        (HOST, "https://git.example/org/app%2f..", ""),
        (HOST, "file:///org/app", ""),
        (HOST, "https://[bad/org/app", ""),
        (HOST, "https://git.example:x/org/app", ""),
        (HOST, "org/app", ""),
        (HOST, "", ""),
        ("", "", ""),
    ],
)
def test_the_repository_behind_an_address(server: str, address: str, path: str) -> None:
    assert repository_at(server, address) == path
