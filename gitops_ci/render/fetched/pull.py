"""Charts through `helm pull`, out of sight of the user's settings, plugins and passwords."""

from __future__ import annotations

import tempfile
from pathlib import Path

from msgspec import Struct

from gitops_ci.render.fetched.addresses import (
    chart_address,
    is_safe_chart,
    scheme_of,
    shown,
)
from gitops_ci.render.fetched.archives import MAX_PACKED
from gitops_ci.render.fetched.model import ChartPin, FetchError, NotFetchedError
from gitops_ci.render.fetched.privacy import private, spoken
from gitops_ci.render.programs import Programs
from gitops_ci.tools.run import MissingProgramError

TIMEOUT = 120.0
SCHEMES = ("https", "oci")


class HelmPull(Struct, frozen=True):
    """Pulls charts. `registry_config` is a file with passwords of OCI registries, as `helm registry
    login` writes it; None means that nobody is logged in. `options` are further words for helm."""

    programs: Programs
    registry_config: Path | None = None
    schemes: tuple[str, ...] = SCHEMES
    options: tuple[str, ...] = ()
    timeout: float = TIMEOUT

    def __call__(self, pin: ChartPin, version: str) -> bytes:
        """The archive of the chart at `version`, of a range the highest. Raises NotFetchedError for
        what is never fetched, and FetchError."""
        words = self._words(pin, version)
        helm = self.programs.find("helm")
        if helm is None:
            raise FetchError("helm was not found: run `gitops-ci tools install helm`")
        with tempfile.TemporaryDirectory(prefix="gitops-ci-pull-") as name:
            folder = Path(name)
            argv: list[str | Path] = [helm, "pull", *words, f"--destination={folder}"]
            env = private(folder / "home")
            try:
                outcome = self.programs.run(argv, cwd=folder, timeout=self.timeout, env=env)
            except MissingProgramError as error:
                raise FetchError(str(error)) from error
            if not outcome.ok:
                raise FetchError(spoken("helm", outcome, self.timeout, str(folder)))
            return _only_archive(folder)

    def _words(self, pin: ChartPin, version: str) -> list[str]:
        address = chart_address(pin.address)
        scheme = scheme_of(address)
        if scheme not in self.schemes:
            allowed = " and ".join(self.schemes)
            raise NotFetchedError(f"charts are fetched from {allowed} addresses only")
        if not is_safe_chart(pin.name, version):
            raise NotFetchedError(f"{shown(pin.name)!r} {version!r} is no name and version")
        words = [f"--version={version}"] if version else []
        if self.registry_config is not None:
            words.append(f"--registry-config={self.registry_config}")
        words += self.options
        if scheme == "oci":
            digest = f"@{pin.digest}" if pin.digest else ""
            return [f"{address}/{pin.name}{digest}", *words]
        return [pin.name, f"--repo={address}", *words]


def _only_archive(folder: Path) -> bytes:
    """What helm left behind."""
    archives = list(folder.glob("*.tgz"))
    if len(archives) != 1:
        raise FetchError("helm left no chart archive behind")
    if archives[0].stat().st_size > MAX_PACKED:
        raise FetchError(f"the archive is larger than {MAX_PACKED // 2**20} MiB")
    return archives[0].read_bytes()
