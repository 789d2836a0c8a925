"""One rendered object as rules see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.model.finding import ObjectRef
from gitops_ci.policy.kinds import kind_of
from gitops_ci.policy.pods.find import pods_of
from gitops_ci.policy.pods.view import Container, PodView
from gitops_ci.policy.settings import Settings
from gitops_ci.render.objects import RenderedObject, Root

_DEFAULTS = Settings()


class Subject:
    """A rendered object, the root that shows it, and what its environment means for rules.

    `namespace` is empty where it is not written; `protected` says that mistakes weigh more in the
    environment. Pods are looked for once, when a rule asks.
    """

    __slots__ = ("_pods", "kind", "namespace", "protected", "rendered", "root", "settings", "value")

    def __init__(
        self,
        rendered: RenderedObject,
        root: Root,
        settings: Settings = _DEFAULTS,
        *,
        protected: bool = False,
    ) -> None:
        self.rendered = rendered
        self.root = root
        self.settings = settings
        self.protected = protected
        self.value: dict[str, Any] = rendered.value
        self.kind = kind_of(rendered.value)
        self.namespace = _namespace(rendered.value)
        self._pods: tuple[PodView, ...] | None = None

    @property
    def ref(self) -> ObjectRef:
        """The identity that the object states."""
        return self.rendered.ref

    @property
    def environment(self) -> str:
        """The environment of its root; empty when it belongs to none."""
        return self.root.environment

    @property
    def pods(self) -> tuple[PodView, ...]:
        """The pods that the object makes; empty for what is no workload."""
        if self._pods is None:
            self._pods = tuple(pods_of(self.value, self.kind))
        return self._pods

    def containers(self, *roles: str) -> Iterator[Container]:
        """The containers of all pods; `roles` as for `PodView.containers`."""
        for pod in self.pods:
            yield from pod.containers(*roles)


def _namespace(value: dict[str, Any]) -> str:
    metadata = value.get("metadata")
    namespace = metadata.get("namespace") if isinstance(metadata, dict) else None
    return namespace if isinstance(namespace, str) else ""
