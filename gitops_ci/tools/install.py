"""Put pinned tools into a folder: from the release archive, or built by Go at the same version."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from gitops_ci.model.errors import EndpointError, UsageError
from gitops_ci.model.ports import Progress, Silent
from gitops_ci.tools.pins import Pin, Platform, pins, this_platform, usual
from gitops_ci.tools.run import MissingProgramError, Outcome, run

Fetch = Callable[[str], bytes]
"""Gives the bytes at an address; raises OSError when the host is out of reach."""
Build = Callable[[Pin, Path], None]
"""Builds a pin into a folder; raises EndpointError."""

_GO_SETTINGS = (
    "GOPROXY",
    "GOSUMDB",
    "GONOSUMDB",
    "GONOPROXY",
    "GOPRIVATE",
    "GOPATH",
    "GOCACHE",
    "GOMODCACHE",
    "GOTOOLCHAIN",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)
_BUILD_TIMEOUT = 1800.0


class Installed(Struct, frozen=True):
    """A tool that is in place. `route` is "present", "archive" or "go"."""

    name: str
    version: str
    path: Path
    route: str


def install(
    names: Sequence[str],
    folder: Path,
    fetch: Fetch,
    build: Build,
    *,
    progress: Progress | None = None,
    where: Platform | None = None,
) -> tuple[Installed, ...]:
    """Install the pinned tools `names` (the usual ones when empty) into `folder`.

    A file appears under its name only when it is complete. Raises UsageError for an unknown name
    and EndpointError when neither route leads to the tool or an archive has the wrong digest.
    """
    known = pins()
    unknown = [name for name in names if name not in known]
    if unknown:
        words = f"no tool is called '{unknown[0]}'"
        raise UsageError(words, f"known tools: {', '.join(sorted(known))}")
    shown = progress or Silent()
    wanted = [known[name] for name in (names or usual())]
    folder.mkdir(parents=True, exist_ok=True)
    results = []
    for done, pin in enumerate(wanted):
        shown.step(f"installing {pin.name} {pin.version}", done, len(wanted))
        results.append(install_pin(pin, folder, fetch, build, where or this_platform()))
    shown.end()
    return tuple(results)


def install_pin(pin: Pin, folder: Path, fetch: Fetch, build: Build, where: Platform) -> Installed:
    """Install one tool into an existing folder, unless it is there. Raises EndpointError."""
    target, stamp = folder / pin.name, folder / f".{pin.name}.version"
    if _is_present(target, stamp, pin.version):
        return Installed(pin.name, pin.version, target, "present")
    with tempfile.TemporaryDirectory(prefix=".install-", dir=folder) as scratch:
        workplace = Path(scratch)
        route = _obtain(pin, workplace, fetch, build, where)
        ready = workplace / pin.name
        ready.chmod(0o755)
        stamp.unlink(missing_ok=True)
        os.replace(ready, target)
        stamp.write_text(pin.version, "utf-8")
    return Installed(pin.name, pin.version, target, route)


def _is_present(target: Path, stamp: Path, version: str) -> bool:
    try:
        return os.access(target, os.X_OK) and stamp.read_text("utf-8") == version
    except OSError:
        return False


def _obtain(pin: Pin, workplace: Path, fetch: Fetch, build: Build, where: Platform) -> str:
    """Bring the program into `workplace`; returns the route that led there."""
    expected = pin.sha256.get(where.key, "")
    obstacle = f"no digest is on record for {where.key}"
    if expected:
        address = pin.filled(pin.archive, where)
        try:
            data = fetch(address)
        except OSError as error:
            obstacle = str(error)
        else:
            _unpack(pin, data, expected, address, workplace, where)
            return "archive"
    try:
        build(pin, workplace)
    except EndpointError as error:
        message = f"{pin.name} {pin.version} could not be installed: {obstacle}; {error.message}"
        raise EndpointError(message, error.hint) from error
    return "go"


def _unpack(
    pin: Pin, data: bytes, expected: str, address: str, workplace: Path, where: Platform
) -> None:
    actual = hashlib.sha256(data).hexdigest()
    if actual != expected:
        message = f"{address} has the sha256 {actual}, but {expected} is pinned"
        hint = "do not use this file: it is not what was released, or a proxy replaced it"
        raise EndpointError(message, hint)
    member = pin.filled(pin.member, where)
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            stream = archive.extractfile(member)
            if stream is None:
                raise KeyError(member)
            with (workplace / pin.name).open("wb") as out:
                shutil.copyfileobj(stream, out)
    except (tarfile.TarError, KeyError, OSError, EOFError) as error:
        raise EndpointError(f"{address} does not hold '{member}': {error}") from error


def go_builder(go: Path | None, environ: Mapping[str, str] = os.environ) -> Build:
    """A Build that runs `go install` of the pinned version with the program `go`."""

    def build(pin: Pin, folder: Path) -> None:
        hint = f"put {pin.name} {pin.version} on PATH, or name its folder in GITOPS_CI_TOOLS"
        if go is None:
            raise EndpointError("there is no Go to build it with", hint)
        settings = {name: environ[name] for name in _GO_SETTINGS if name in environ}
        settings |= {"GOBIN": str(folder), "CGO_ENABLED": "0", "GOFLAGS": "-trimpath"}
        where = this_platform()
        flags = f"-ldflags=-s -w {pin.filled(pin.ldflags, where)}"
        module = pin.filled(pin.go, where)
        try:
            outcome = _built(go, pin, module, flags, folder, settings)
        except MissingProgramError as error:
            raise EndpointError(str(error), hint) from error
        if not outcome.ok or not (folder / pin.name).is_file():
            reason = "timed out" if outcome.timed_out else outcome.stderr.strip()[-500:]
            raise EndpointError(f"building {module} failed: {reason}", hint)

    return build


def _built(
    go: Path, pin: Pin, module: str, flags: str, folder: Path, settings: dict[str, str]
) -> Outcome:
    if not pin.package:
        return run([go, "install", flags, module], timeout=_BUILD_TIMEOUT, env=settings)
    fetched = run([go, "mod", "download", "-json", module], timeout=_BUILD_TIMEOUT, env=settings)
    if not fetched.ok:
        return fetched
    words: list[str | Path] = [go, "build", flags, "-o", folder / pin.name, pin.package]
    inside = Path(json.loads(fetched.stdout)["Dir"])
    return run(words, cwd=inside, timeout=_BUILD_TIMEOUT, env=settings)
