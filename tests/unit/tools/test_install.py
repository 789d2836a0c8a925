from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.model.errors import EndpointError, UsageError
from gitops_ci.tools.install import Installed, go_builder, install, install_pin
from gitops_ci.tools.pins import Pin, Platform, pins, usual

LINUX = Platform("linux", "amd64")
UNKNOWN = Platform("plan9", "mips")


def _no_network(url: str) -> bytes:
    raise OSError(f"{url}: out of reach")


def _builds(pin: Pin, folder: Path) -> None:
    (folder / pin.name).write_text("built")


def _cannot_build(pin: Pin, folder: Path) -> None:
    raise EndpointError("there is no Go to build it with", "put it on PATH")


def _archive(member: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo(member)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def test_go_builds_what_cannot_be_fetched(tmp_path: Path) -> None:
    (done,) = install(["helm"], tmp_path, _no_network, _builds, where=LINUX)
    assert done == Installed("helm", pins()["helm"].version, tmp_path / "helm", "go")
    assert (tmp_path / "helm").read_text() == "built"
    assert (tmp_path / "helm").stat().st_mode & 0o777 == 0o755


def test_the_same_version_is_not_installed_twice(tmp_path: Path) -> None:
    install(["helm"], tmp_path, _no_network, _builds, where=LINUX)
    (again,) = install(["helm"], tmp_path, _no_network, _cannot_build, where=LINUX)
    assert again.route == "present"


def test_the_usual_tools_are_installed_when_none_is_named(tmp_path: Path) -> None:
    done = install([], tmp_path, _no_network, _builds, where=LINUX)
    assert [item.name for item in done] == ["helm", "kubeconform", "kustomize"] == usual()
    (extra,) = install(["gator"], tmp_path, _no_network, _builds, where=LINUX)
    assert extra.route == "go"


def test_a_wrong_digest_is_refused_and_never_built_around(tmp_path: Path) -> None:
    with pytest.raises(EndpointError, match="is pinned"):
        install(["kustomize"], tmp_path, lambda _: b"something else", _builds, where=LINUX)
    assert not (tmp_path / "kustomize").exists()


def test_without_any_route_both_obstacles_are_named(tmp_path: Path) -> None:
    with pytest.raises(EndpointError, match=r"out of reach.*no Go") as caught:
        install(["helm"], tmp_path, _no_network, _cannot_build, where=LINUX)
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_platform_without_digest_is_never_downloaded_for(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b""

    (done,) = install(["helm"], tmp_path, fetch, _builds, where=UNKNOWN)
    assert (done.route, asked) == ("go", [])


def test_an_unknown_tool_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="helmet"):
        install(["helmet"], tmp_path, _no_network, _builds)


def test_the_member_of_a_genuine_archive_is_unpacked(tmp_path: Path) -> None:
    pin, content = pins()["helm"], b"the program"
    data = _archive("linux-amd64/helm", content)
    digest = hashlib.sha256(data).hexdigest()
    genuine = replace(pin, sha256={"linux-amd64": digest})
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return data

    done = install_pin(genuine, tmp_path, fetch, _cannot_build, LINUX)
    assert (done.route, done.path.read_bytes()) == ("archive", content)
    assert asked[0].endswith(f"v{pin.version}-linux-amd64.tar.gz")


def test_an_archive_without_the_program_is_named(tmp_path: Path) -> None:
    data = _archive("README.md", b"nothing here")
    pin = replace(pins()["helm"], sha256={"linux-amd64": hashlib.sha256(data).hexdigest()})
    with pytest.raises(EndpointError, match="does not hold"):
        install_pin(pin, tmp_path, lambda _: data, _cannot_build, LINUX)


def test_go_gets_the_pinned_version_and_a_private_place(tmp_path: Path) -> None:
    go = tmp_path / "go"
    go.write_text('#!/bin/sh\nprintf "%s\\n" "$@" "$GOPROXY" "$SECRET" > "$GOBIN/helm"\n')
    go.chmod(0o755)
    environ = {"GOPROXY": "https://proxy.example", "SECRET": "not for go"}
    go_builder(go, environ)(pins()["helm"], tmp_path)
    words = (tmp_path / "helm").read_text()
    assert f"cmd/helm@v{pins()['helm'].version}" in words
    assert "https://proxy.example" in words
    assert "not for go" not in words


def test_a_module_that_cannot_be_installed_by_name_is_built_inside(tmp_path: Path) -> None:
    go, module_folder = tmp_path / "go", tmp_path / "module"
    module_folder.mkdir()
    go.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = mod ]; then printf \'{{"Dir": "%s"}}\' "{module_folder}"; exit; fi\n'
        'printf "%s\\n" "$PWD" "$@" > "$4"\n'
    )
    go.chmod(0o755)
    go_builder(go, {})(pins()["kyverno"], tmp_path)
    words = (tmp_path / "kyverno").read_text().split("\n")
    assert words[:2] == [str(module_folder), "build"]
    assert words[-2] == "./cmd/cli/kubectl-kyverno"


def test_a_failing_go_says_why(tmp_path: Path) -> None:
    go = tmp_path / "go"
    go.write_text("#!/bin/sh\necho 'no such module' >&2\nexit 1\n")
    go.chmod(0o755)
    with pytest.raises(EndpointError, match="no such module"):
        go_builder(go, {})(pins()["helm"], tmp_path)
    with pytest.raises(EndpointError, match="no Go"):
        go_builder(None, {})(pins()["helm"], tmp_path)
