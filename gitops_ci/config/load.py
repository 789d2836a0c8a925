"""Configuration files to one Config: read, followed through `extends`, decoded, checked."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from gitops_ci.config import rules
from gitops_ci.config.model import Config
from gitops_ci.config.places import Layered, layered
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read as read_document
from gitops_ci.model.errors import ConfigError
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Route

DEFAULT_PATHS = (".gitops-ci.yaml", ".gitops-ci.yml")
"""Where the configuration is looked for when nobody names it."""

Reader = Callable[[str], bytes | None]
"""The bytes of a file of the repository by its path; None when it is not there or unreadable."""

_MAX_FILES = 50


class Loaded(Struct, frozen=True):
    """A configuration with its sources. `findings` holds every fault; the config is usable only
    when there is none. `path` is empty when there is no file and the built-ins hold."""

    config: Config = field(default_factory=Config)
    path: str = ""
    layers: Layered = field(default_factory=lambda: layered(()))
    findings: tuple[Finding, ...] = ()

    def place(self, route: Route) -> Location:
        """Where the value at `route` (YAML names) stands."""
        return self.layers.place(route)


def load_config(reader: Reader, path: str = "") -> Config:
    """The configuration in `path`, or in the first of DEFAULT_PATHS that exists, or the built-in
    one. Raises ConfigError with every fault."""
    loaded = load(reader, path)
    if loaded.findings:
        raise ConfigError(loaded.findings)
    return loaded.config


def load(reader: Reader, path: str = "") -> Loaded:
    """Like `load_config`, with the places of all values, and with the faults as data."""
    chosen = path or next((known for known in DEFAULT_PATHS if reader(known) is not None), "")
    if not chosen:
        return Loaded()
    # a repository without a configuration does not pay for what reads one
    from gitops_ci.config.decode import decode
    from gitops_ci.config.environments import check_environments
    from gitops_ci.config.policies import check_policies

    files = _Files(reader)
    files.follow(chosen, Location(chosen), ())
    layers = layered(tuple(files.sources))
    config, findings = decode(layers)
    everything = [*files.findings, *findings]
    if len(files.sources) > 1:
        for source in files.sources:
            everything.extend(decode(layered((source,)), partial=True)[1])
    everything.extend(check_environments(config, layers))
    everything.extend(check_policies(config, layers))
    return Loaded(config, chosen, layers, _once(everything))


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    unique = {(item.rule.id, item.message, item.location): item for item in findings}
    return tuple(sorted(unique.values(), key=_position))


def _position(finding: Finding) -> tuple[str, int, int]:
    span = finding.location.span
    return finding.location.path, span.line if span else 0, span.column if span else 0


class _Files:
    """The files of one configuration, those that are extended first."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._done: set[str] = set()
        self.sources: list[SourceFile] = []
        self.findings: list[Finding] = []

    def follow(self, path: str, named_at: Location, chain: tuple[str, ...]) -> None:
        """Read `path` and first all that it extends; `named_at` is where it is named."""
        if path in chain:
            message = f"'{path}' extends itself: {' → '.join((*chain, path))}"
            self.findings.append(found(rules.EXTENDS_CYCLE, message, named_at))
            return
        if path in self._done:
            return
        if len(self._done) >= _MAX_FILES:
            message = f"more than {_MAX_FILES} files are extended"
            self.findings.append(found(rules.EXTENDS_CYCLE, message, named_at, key="many"))
            return
        self._done.add(path)
        data = self._reader(path)
        if data is None:
            message = f"'{path}' does not exist or cannot be read"
            self.findings.append(found(rules.UNREADABLE, message, named_at))
            return
        source = read_document(path, data)
        self._problems(source)
        layers = layered((source,))
        for index, base in enumerate(_extends(layers.value)):
            self._extend(path, base, layers.place(("extends", index)), (*chain, path))
        self.sources.append(source)

    def _problems(self, source: SourceFile) -> None:
        errors = [item for item in source.problems if item.severity >= Severity.ERROR]
        self.findings.extend(errors)
        if len(source.documents) > 1:
            place = Location(source.path, None, (), 1)
            message = "a configuration file holds exactly one document"
            self.findings.append(found(rules.SEVERAL_DOCUMENTS, message, place))
        elif source.documents and not isinstance(source.documents[0].value, dict):
            message = "a configuration is a mapping"
            place = Location(source.path)
            self.findings.append(found(rules.WRONG_TYPE, message, place))

    def _extend(self, path: str, base: str, place: Location, chain: tuple[str, ...]) -> None:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), base))
        if "://" in base or target.startswith(("/", "../")) or target in (".", ".."):
            message = f"'{base}' is not a file of this repository"
            hint = "copy the file into the repository, or add it as part of a pull request"
            self.findings.append(found(rules.EXTENDS_OUTSIDE, message, place, hint=hint))
        else:
            self.follow(target, place, chain)


def _extends(value: Any) -> list[str]:
    """The entries of `extends` that are texts; decoding reports the others."""
    entries = value.get("extends") if isinstance(value, dict) else None
    return (
        [entry for entry in entries if isinstance(entry, str)] if isinstance(entries, list) else []
    )
