"""What a caller decides about rendering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct, field

from gitops_ci.config.model import Config

DEFAULT_KUBERNETES = "1.34"


class ClusterFacts(Struct, frozen=True):
    """A cluster as the cluster generator of Argo CD sees it."""

    name: str
    server: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    project: str = ""


class RenderOptions(Struct, frozen=True):
    """`engine` and `load_restrictor` as in the configuration; `timeout` in seconds per program;
    `network` allows remote bases and charts; `cache` is the folder in which they are kept, None for
    that of the user, and without `cached` nothing is kept or found there; `remotes` are the
    addresses of this repository; `kubernetes` is what charts are told to run on."""

    engine: str = "auto"
    load_restrictor: str = "auto"
    helm: bool = True
    timeout: float = 60.0
    network: bool = False
    cache: Path | None = None
    cached: bool = True
    kubernetes: str = DEFAULT_KUBERNETES
    remotes: tuple[str, ...] = ()
    clusters: tuple[ClusterFacts, ...] = ()
    cluster_files: str = ""

    @property
    def kube_version(self) -> str:
        """The version in the three-part form that `helm --kube-version` wants."""
        return self.kubernetes if self.kubernetes.count(".") > 1 else f"{self.kubernetes}.0"


def options_of(config: Config, **given: Any) -> RenderOptions:
    """The options that `config` asks for; a keyword of RenderOptions wins over it."""
    sources = config.clusters_from
    settings: dict[str, Any] = {
        "engine": config.render.engine,
        "load_restrictor": config.render.load_restrictor,
        "helm": config.render.helm,
        "timeout": config.render.timeout,
        "kubernetes": max(config.kubernetes, key=_number, default=DEFAULT_KUBERNETES),
        "clusters": tuple(ClusterFacts(item.name, labels=item.labels) for item in config.clusters),
        "cluster_files": (sources.secrets or sources.config_map or "") if sources else "",
    }
    return RenderOptions(**(settings | given))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
