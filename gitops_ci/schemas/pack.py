"""The structures of Kubernetes' own kinds, for every bundled version.

The pack is written by scripts/build_schema_pack.py: zlib around a JSON header line and one line
per distinct definition. `data/sources.json` says where the definitions come from. Opening costs
about 3 ms, a definition is parsed when somebody asks for it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from gitops_ci.schemas.gvk import Gvk

Schema = dict[str, Any]
DATA = Path(__file__).parent / "data"
OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"


class UnknownVersionError(Exception):
    """A Kubernetes version that is not bundled; `known` lists those that are."""

    def __init__(self, version: str, known: tuple[str, ...]) -> None:
        super().__init__(f"Kubernetes {version} is not bundled; known: {known[0]} to {known[-1]}")
        self.version = version
        self.known = known


class Closure(Struct, frozen=True):
    """A definition with all that it refers to. Two closures with the same `key` are equal, also
    across Kubernetes versions. In `definitions`, `$ref` holds the bare name of a definition."""

    key: tuple[int, ...]
    root: str
    definitions: Mapping[str, Schema]


class Pack:
    """The opened pack. Use `load` instead of the constructor: one per process is enough."""

    def __init__(self, data: bytes) -> None:
        header, *self._lines = zlib.decompress(data).split(b"\n")
        content = json.loads(header)
        self._names: list[str] = content["names"]
        self._position = {name: index for index, name in enumerate(self._names)}
        self._tables: dict[str, list[int]] = content["versions"]
        self._kinds: list[tuple[str, str, str, int]] = content["kinds"]
        self._parsed: dict[int, Schema] = {}
        self._opened: dict[str, Builtins] = {}

    @property
    def versions(self) -> tuple[str, ...]:
        """The bundled Kubernetes versions, oldest first, as `1.NN`."""
        return tuple(self._tables)

    def builtins(self, version: str) -> Builtins:
        """The kinds of one version, written `1.33`, `v1.33` or `1.33.2`.

        Raises UnknownVersionError.
        """
        minor = ".".join(version.removeprefix("v").split(".")[:2])
        if minor not in self._tables:
            raise UnknownVersionError(version, self.versions)
        if minor not in self._opened:
            self._opened[minor] = Builtins(self, minor, self._tables[minor])
        return self._opened[minor]

    def definition(self, number: int) -> Schema:
        """The distinct definition with this number; the same object each time, never changed."""
        if number not in self._parsed:
            self._parsed[number] = json.loads(self._lines[number])
        return self._parsed[number]

    def kinds_in(self, table: list[int]) -> dict[Gvk, str]:
        """The kinds whose definition a version's table has."""
        return {
            Gvk(group, version, kind): self._names[position]
            for group, version, kind, position in self._kinds
            if table[position] >= 0
        }

    def number(self, table: list[int], name: str) -> int:
        """The number of the definition `name` in a version's table, -1 when it has none."""
        position = self._position.get(name)
        return -1 if position is None else table[position]


class Builtins:
    """The kinds of one Kubernetes version."""

    def __init__(self, pack: Pack, version: str, table: list[int]) -> None:
        self.version = version
        self._pack = pack
        self._table = table
        self._closures: dict[str, Closure] = {}

    @cached_property
    def kinds(self) -> dict[Gvk, str]:
        """Every kind with the name of its definition, `…List` kinds included."""
        return self._pack.kinds_in(self._table)

    @cached_property
    def groups(self) -> frozenset[str]:
        """The API groups of this version; the core group is the empty string."""
        return frozenset(kind.group for kind in self.kinds)

    def definition(self, name: str) -> Schema | None:
        """The definition `name`, with `$ref` as bare names and the x-kubernetes keywords
        list-type, list-map-keys, map-type, patch-merge-key and patch-strategy; None if unknown."""
        number = self._pack.number(self._table, name)
        return self._pack.definition(number) if number >= 0 else None

    def schema(self, kind: Gvk) -> Schema | None:
        """The definition of a kind; None when this version does not have it."""
        name = self.kinds.get(kind)
        return self.definition(name) if name else None

    def closure(self, name: str) -> Closure:
        """The definition `name`, which must exist, with all that it refers to."""
        if name not in self._closures:
            definitions: dict[str, Schema] = {}
            numbers: list[int] = []
            waiting = [name]
            while waiting:
                current = waiting.pop()
                if current in definitions:
                    continue
                number = self._pack.number(self._table, current)
                definitions[current] = self._pack.definition(number)
                numbers.append(number)
                waiting.extend(references(definitions[current]))
            key = tuple(sorted(numbers))
            self._closures[name] = Closure((numbers[0], *key), name, definitions)
        return self._closures[name]


def references(schema: Schema) -> list[str]:
    """The names that a definition refers to; properties called `$ref` do not count."""
    names: list[str] = []
    stack = [schema]
    while stack:
        current = stack.pop()
        if "$ref" in current:
            names.append(current["$ref"])
        stack.extend(current.get("properties", {}).values())
        stack.extend(
            part
            for part in (current.get("items"), current.get("additionalProperties"))
            if isinstance(part, dict)
        )
    return names


@lru_cache(maxsize=1)
def load() -> Pack:
    """The bundled pack."""
    return Pack((DATA / "kubernetes.pack").read_bytes())
