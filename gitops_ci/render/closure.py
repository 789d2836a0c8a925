"""What a kustomization reaches: its files, and what lies outside. Needed where the reference binary
renders, to keep it away from the network and from other folders, and to find origins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.locate import locate
from gitops_ci.model.span import Location, Route
from gitops_ci.render.paths import is_directory, is_file, kustomization_in
from gitops_ci.repo.files import Files
from gitops_ci.repo.kustomization import references_of
from gitops_ci.repo.paths import join, parent
from gitops_ci.repo.references import Role, looks_remote
from gitops_ci.repo.tree import UnreadableError

GENERATOR_FIELDS = ("configMapGenerator", "secretGenerator")
_ENTRIES = (Role.RESOURCE, Role.COMPONENT, Role.GENERATOR, Role.CONFIGURATION)
_PLUGINS = ("generators", "transformers", "validators")
_DATA = (Role.GENERATOR_INPUT, Role.VALUES)


class Mention(Struct, frozen=True):
    """A text at `route` of the kustomization file `file` that names a file or an address."""

    text: str
    file: str
    route: Route


class Closure(Struct):
    """`kustomizations` in the order of the walk; `files` are the YAML files that they name, of
    which `patches` are patches; `data` is everything else, missing files included. `remote` needs
    the network, `outside` leaves the repository; charts are there or absent."""

    directory: str
    kustomizations: list[SourceFile] = field(default_factory=list)
    files: dict[str, SourceFile] = field(default_factory=dict)
    patches: set[str] = field(default_factory=set)
    data: set[str] = field(default_factory=set)
    remote: list[Mention] = field(default_factory=list)
    outside: list[Mention] = field(default_factory=list)
    charts: list[Mention] = field(default_factory=list)
    absent_charts: list[Mention] = field(default_factory=list)

    @property
    def top(self) -> str:
        """The path of the kustomization file that the walk began with."""
        if self.kustomizations:
            return self.kustomizations[0].path
        return f"{self.directory}/kustomization.yaml".lstrip("/")

    @property
    def used(self) -> frozenset[str]:
        """Every path that the kustomization depends on, missing ones included."""
        return frozenset((*(s.path for s in self.kustomizations), *self.files, *self.data))


def walk(files: Files, directory: str, resources: tuple[str, ...] = ()) -> Closure:
    """The closure of the kustomization in `directory`, and of further `resources` of it; what does
    not exist is left to the engine to complain about."""
    closure = Closure(directory)
    walker = _Walker(files, closure)
    walker.directory(directory)
    for text in resources:
        walker.resource(directory, text)
    return closure


def place(files: Files, mention: Mention) -> Location:
    """Where the mention stands."""
    return locate(files.source(mention.file), 0, mention.route).location


def top(source: SourceFile) -> dict[str, Any]:
    """The kustomization in the file, empty when it holds none."""
    value = source.documents[0].value if source.documents else None
    return value if isinstance(value, dict) else {}


class _Walker:
    def __init__(self, files: Files, closure: Closure) -> None:
        self._files = files
        self._closure = closure
        self._seen: set[str] = set()

    def directory(self, directory: str) -> None:
        """Follow the kustomization of a directory."""
        path = kustomization_in(self._files.tree, directory)
        if path is None or path in self._seen:
            return
        self._seen.add(path)
        try:
            source = self._files.source(path)
        except UnreadableError:
            return
        self._closure.kustomizations.append(source)
        for reference in references_of(source):
            mention = Mention(reference.text, path, reference.route)
            if reference.role is Role.CHART:
                self._chart(mention)
            else:
                self._mention(reference.role, mention)

    def resource(self, directory: str, text: str) -> None:
        """Follow a resource that no kustomization file names."""
        target = join(directory, text)
        if target is not None and is_directory(self._files.tree, target):
            self.directory(target)
        elif target is not None:
            self._file(Role.RESOURCE, Mention(text, target, ("resources",)), target)

    def _chart(self, mention: Mention) -> None:
        target = join(parent(mention.file), mention.text)
        if target is None:
            self._closure.outside.append(mention)
        elif is_directory(self._files.tree, target):
            self._closure.charts.append(mention)
        else:
            self._closure.absent_charts.append(mention)

    def _mention(self, role: Role, mention: Mention) -> None:
        target = join(parent(mention.file), mention.text)
        tree = self._files.tree
        if target is not None and is_directory(tree, target):
            if role in _ENTRIES:
                self.directory(target)
        elif target is not None and is_file(tree, target):
            self._file(role, mention, target)
        elif looks_remote(mention.text):
            self._closure.remote.append(mention)
        elif target is None or tree.entry(target) is not None:
            self._closure.outside.append(mention)
        else:
            self._closure.data.add(target)

    def _file(self, role: Role, mention: Mention, target: str) -> None:
        if role in _DATA:
            self._closure.data.add(target)
            return
        try:
            source = self._files.source(target)
        except UnreadableError:
            return
        self._closure.files[target] = source
        if role is Role.PATCH:
            self._closure.patches.add(target)
        if mention.route[0] in _PLUGINS:
            self._plugin(source)

    def _plugin(self, source: SourceFile) -> None:
        """Every text of a plugin's config that leads out of the repository counts as outside."""
        for document in source.documents:
            for route, text in texts(document.value):
                if "\n" not in text and join(parent(source.path), text) is None:
                    self._closure.outside.append(Mention(text, source.path, route))


def texts(value: Any) -> Iterator[tuple[Route, str]]:
    """Every string in `value` with its route."""
    stack: list[tuple[Route, Any]] = [((), value)]
    while stack:
        route, item = stack.pop()
        if isinstance(item, str):
            yield route, item
        elif isinstance(item, dict):
            stack.extend(((*route, key), inner) for key, inner in reversed(item.items()))
        elif isinstance(item, list):
            stack.extend(((*route, n), inner) for n, inner in reversed(list(enumerate(item))))
