"""Which kinds are on board, and the schema of each.

The structures stand in `*.kinds` files beside this module, one for each product, in the notation
of `notation.py`; SOURCES.md says which API reference each was written from. Only names, types,
enumerations and required fields are kept. `status` is always open: controllers write it.

A schema follows the structural schemas of CustomResourceDefinitions: an object without
`x-kubernetes-preserve-unknown-fields` has no other fields than those listed. A type of Kubernetes
itself stands there as `{"x-gitops-ci-ref": "io.k8s.api.core.v1.PodTemplateSpec"}`, a name of the
Kubernetes OpenAPI document: whoever validates resolves it for the version at hand, and treats it
as preserve-unknown where that is not possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from gitops_ci.model.regex import regex
from gitops_ci.schemas.kinds.notation import Compiler, Schema

Gvk = tuple[str, str, str]
"""Group, version and kind."""

PRODUCTS = (
    "argocd",
    "argo-rollouts",
    "flux",
    "flux-operator",
    "gateway-api",
    "cert-manager",
    "external-secrets",
    "flagger",
    "prometheus-operator",
    "sealed-secrets",
)
"""The products; each has a file of that name."""

_KIND = regex(r"^kind (\w+) (\S+) (.+)$", re.MULTILINE)


class Kinds(Mapping[Gvk, Schema]):
    """The schemas by group, version and kind; listing is cheap, each is compiled when asked for.

    The schemas share parts with each other: read, never change them.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._products: dict[Gvk, str] = {
            (group, version, kind): product
            for product, text in texts.items()
            for kind, group, versions in _KIND.findall(text)
            for version in versions.split()
        }
        self._compilers: dict[str, Compiler] = {}
        self._schemas: dict[Gvk, Schema] = {}

    def __getitem__(self, gvk: Gvk) -> Schema:
        if gvk not in self._schemas:
            product = self._products[gvk]
            if product not in self._compilers:
                self._compilers[product] = Compiler(self._texts[product])
            self._schemas[gvk] = self._compilers[product].schema(*gvk)
        return self._schemas[gvk]

    def __iter__(self) -> Iterator[Gvk]:
        return iter(self._products)

    def __len__(self) -> int:
        return len(self._products)

    def product(self, gvk: Gvk) -> str:
        """The name of the product that the kind belongs to; KeyError for a kind not on board."""
        return self._products[gvk]


@cache
def load_kinds() -> Kinds:
    """The structures that come with the tool. Reads the files once, compiles none."""
    folder = Path(__file__).parent
    return Kinds({name: (folder / f"{name}.kinds").read_text("utf-8") for name in PRODUCTS})


def kinds() -> tuple[Gvk, ...]:
    """Group, version and kind of every structure on board."""
    return tuple(load_kinds())


def schema(gvk: Gvk) -> Schema | None:
    """The structural schema of a whole object of that kind, or None when it is not on board."""
    return load_kinds().get(gvk)
