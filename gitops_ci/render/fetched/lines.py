"""Which line of the repository asks for what was fetched, so that a finding inside of it can point
at something that its reader can change."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location, Route
from gitops_ci.render.closure import Mention, place, walk
from gitops_ci.render.fetched.model import Elsewhere, MismatchError, Mounted, NotFetchedError
from gitops_ci.render.objects import Origin, RenderedObject, Step, Trace
from gitops_ci.render.result import Result
from gitops_ci.repo.files import Files


class _Asked(Struct, frozen=True):
    """A fetched thing and the line of the repository that leads to it, through others maybe."""

    mounted: Mounted
    location: Location


class Lines:
    """The lines of one kustomization, the one in `directory` with further `resources`."""

    def __init__(
        self,
        files: Files,
        elsewhere: Elsewhere,
        directory: str,
        resources: tuple[str, ...] = (),
    ) -> None:
        self._files = files
        self._elsewhere = elsewhere
        self._directory = directory
        self._resources = resources

    def of_text(self, text: str) -> Location | None:
        """The line that asks for the remote entry `text`."""
        return self._texts.get(text)

    def of_path(self, path: str) -> Location | None:
        """The line that asks for the fetched thing in which `path` lies; None for a path of the
        repository."""
        asked = self._prefixes.get(path.partition("/")[0]) if "~" in path else None
        return asked.location if asked else None

    def words(self, location: Location) -> str:
        """How people are told about a place in a fetched file."""
        prefix, _, path = location.path.partition("/")
        label = self._prefixes[prefix].mounted.label
        return f"{path}:{location.line} of {label}, outside the repository"

    def result(self, result: Result) -> Result:
        """The result with every place in fetched files moved to the line that asks for them."""
        objects = tuple(
            RenderedObject(item.value, _FetchedOrigin(item.origin, self)) for item in result.objects
        )
        findings = tuple(self._finding(finding) for finding in result.findings)
        skipped = tuple(self._skip(skip) for skip in result.skipped)
        used = frozenset(path for path in result.used if self.of_path(path) is None)
        return replace(result, objects=objects, findings=findings, skipped=skipped, used=used)

    def _finding(self, finding: Finding) -> Finding:
        location = self.of_path(finding.location.path)
        related = tuple(
            replace(item, location=self.of_path(item.location.path) or item.location)
            for item in finding.related
        )
        if location is None:
            return replace(finding, related=related)
        message = f"{finding.message} ({self.words(finding.location)})"
        return replace(finding, message=message, location=location, related=related, fix=None)

    def _skip(self, skip: Skip) -> Skip:
        """A skip for a remote entry names the file that asks for it."""
        place = self.of_text(skip.path) or self.of_path(skip.path)
        return replace(skip, path=place.path) if place else skip

    @cached_property
    def _prefixes(self) -> dict[str, _Asked]:
        return self._walked[1]

    @cached_property
    def _texts(self) -> dict[str, Location]:
        return self._walked[0]

    @cached_property
    def _walked(self) -> tuple[dict[str, Location], dict[str, _Asked]]:
        """Every remote entry that can be reached, and every fetched thing behind them."""
        texts: dict[str, Location] = {}
        prefixes: dict[str, _Asked] = {}
        queue = deque(
            (mention.text, place(self._files, mention))
            for mention in self._mentions(self._files, self._directory, self._resources)
        )
        while queue:
            text, location = queue.popleft()
            if text in texts:
                continue
            texts[text] = location
            try:
                mounted = self._elsewhere.base(text)
            except (NotFetchedError, MismatchError):
                continue
            prefixes.setdefault(mounted.prefix, _Asked(mounted, location))
            queue += (
                (inner.text, location) for inner in self._mentions(mounted.files, mounted.path, ())
            )
        return texts, prefixes

    def _mentions(
        self, files: Files, directory: str, resources: tuple[str, ...]
    ) -> Iterator[Mention]:
        yield from walk(files, directory, resources).remote


class _FetchedOrigin(Struct, frozen=True):
    """The origin of an object that may have been built from fetched files."""

    inner: Origin
    lines: Lines

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """The origin of the value; for one that a fetched file sets, the line that asks for it."""
        trace = self.inner.trace(route, key=key)
        chain = tuple(self._step(step) for step in trace.chain)
        location = self.lines.of_path(trace.location.path)
        if location is None:
            return Trace(trace.location, chain, trace.exact)
        return Trace(location, chain, exact=False)

    def _step(self, step: Step) -> Step:
        location = self.lines.of_path(step.location.path)
        if location is None:
            return step
        return Step(location, f"{step.what} {self.lines.words(step.location)}")
