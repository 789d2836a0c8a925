"""Where a value that helm rendered comes from: the values line that set it, else the line of the
template, else the template."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.documents.text import decode
from gitops_ci.model.span import Location, Route
from gitops_ci.render.helm.chart import Assembly
from gitops_ci.render.helm.outside import Outside
from gitops_ci.render.helm.template_text import Line, lines_of
from gitops_ci.render.helm.values import Layer, Setting, file_layer, look_up
from gitops_ci.render.objects import Origin, Step, Trace
from gitops_ci.render.origins import PlaceOrigin
from gitops_ci.render.paths import is_file
from gitops_ci.render.routes import at
from gitops_ci.repo.files import Files
from gitops_ci.repo.tree import UnreadableError


class _Hit(Struct, frozen=True):
    line: Line
    rest: Route
    """What of the wanted route lies below the line."""
    score: int


class ReleaseOrigins(Struct):
    """Gives the origin of each object of one release."""

    files: Files
    assembly: Assembly
    layers: tuple[Layer, ...]
    fallback: Location
    outside: Outside | None = None
    _templates: dict[str, tuple[Line, ...]] = field(default_factory=dict)

    def origin(self, source: str, value: dict[str, Any]) -> Origin:
        """The origin of an object whose `# Source:` comment says `source`."""
        path, chart = self.template(source)
        if path is None:
            return PlaceOrigin(self.fallback, "chart")
        return _TemplateOrigin(self, path, chart, value)

    def template(self, source: str) -> tuple[str | None, str]:
        """The file that `source` (chart/templates/x.yaml) is in the repository, and its chart."""
        chart = max(
            (name for name in self.assembly.folders if source.startswith(f"{name}/")),
            key=len,
            default="",
        )
        if not chart or not self._is_local(chart):
            return None, chart
        path = f"{self.assembly.folders[chart]}/{source.removeprefix(chart + '/')}".lstrip("/")
        return (path if is_file(self.files.tree, path) else None), chart

    def _is_local(self, chart: str) -> bool:
        return "/" not in chart or bool(self.assembly.folders[chart])

    def lines(self, path: str) -> tuple[Line, ...]:
        """The lines of the template at `path`."""
        if path not in self._templates:
            try:
                text = decode(self.files.tree.read(path))
            except (UnreadableError, UnicodeDecodeError):
                text = ""
            self._templates[path] = lines_of(text)
        return self._templates[path]

    def setting(self, chart: str, keys: Route) -> Setting | None:
        """The value of `.Values` + keys inside `chart`, seen through the parent's values."""
        prefix = tuple(chart.split("/charts/")[1:])
        known = look_up(self.layers, keys if keys[:1] == ("global",) else prefix + keys)
        if known is not None or not prefix:
            return known
        path = f"{self.assembly.folders[chart]}/values.yaml"
        defaults = self.defaults(path)
        return look_up((defaults,), keys) if defaults is not None else None

    def defaults(self, path: str) -> Layer | None:
        """The values file of a chart, None if it has none."""
        if not is_file(self.files.tree, path):
            return None
        layer = file_layer(self.files, path)
        return self.outside.layer(layer) if self.outside else layer

    def step(self, path: str, line: Line | None = None) -> Step:
        """The station of a value that the template at `path` writes."""
        if self.outside is not None:
            return self.outside.step(path, line.span if line else None)
        place = Location(path, line.span, line.keys) if line else Location(path)
        return Step(place, "template")


class _TemplateOrigin(Struct, frozen=True):
    release: ReleaseOrigins
    path: str
    chart: str
    value: dict[str, Any]

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """The values line if the template line takes its whole value from there and the value is
        the same; else the template line, exact only if it holds the very value."""
        wanted = at(self.value, route)
        hit = self._hit(route, wanted)
        if hit is None:
            step = self.release.step(self.path)
            return Trace(step.location, (step,), exact=False)
        step = self.release.step(self.path, hit.line)
        if not key or hit.rest:
            setting = self._setting(hit, wanted)
            if setting is not None:
                words = "values of the chart" if setting.outside else "values"
                steps = (Step(setting.location, words), step)
                exact = not setting.outside and _equal(setting.value, wanted)
                return Trace(setting.location, steps, exact=exact)
        literal = not hit.rest and _is_literal(hit.line, wanted)
        return Trace(step.location, (step,), exact=literal and self.release.outside is None)

    def _setting(self, hit: _Hit, wanted: Any) -> Setting | None:
        """The setting that explains the value; of several parts of a text the last one, because
        in an image reference that is the tag."""
        part = None
        for reference in hit.line.references:
            setting = self.release.setting(self.chart, reference + hit.rest)
            if setting is not None and _equal(setting.value, wanted):
                return setting
            if setting is not None and _is_part(setting.value, wanted, hit.line.text):
                part = setting
        return part

    def _hit(self, route: Route, wanted: Any) -> _Hit | None:
        """The line that wrote the value, or the deepest one above it."""
        keys = tuple(step for step in route if isinstance(step, str))
        lines = self.release.lines(self.path)
        number = next((step for step in reversed(route) if isinstance(step, int)), 0)
        for length in range(len(keys), 0, -1):
            hits = [
                self._rate(line, route, length, wanted)
                for line in self._under(lines, keys[:length])
            ]
            if hits:
                best = max(hit.score for hit in hits)
                equal = [hit for hit in hits if hit.score == best]
                return equal[number] if number < len(equal) else equal[0]
        return None

    def _under(self, lines: tuple[Line, ...], keys: tuple[str, ...]) -> list[Line]:
        document = self._document(lines)
        return [line for line in lines if line.keys == keys and line.document in document]

    def _document(self, lines: tuple[Line, ...]) -> set[int]:
        """The documents of the template that render this kind; all of them when none says so."""
        kind = str(self.value.get("kind"))
        fitting = {line.document for line in lines if line.keys == ("kind",) and line.text == kind}
        return fitting or {line.document for line in lines}

    def _rate(self, line: Line, route: Route, length: int, wanted: Any) -> _Hit:
        strings = [index for index, step in enumerate(route) if isinstance(step, str)]
        rest = route[strings[length - 1] + 1 :]
        if line.item and len(rest) == 1:
            rest = ()
        hit = _Hit(line, rest, 1 if line.references and not line.item else 0)
        setting = self._setting(hit, wanted)
        if setting is not None and _equal(setting.value, wanted):
            return replace(hit, score=4)
        if not rest and _is_literal(line, wanted):
            return replace(hit, score=3)
        return hit if setting is None else replace(hit, score=2)


def _is_literal(line: Line, wanted: Any) -> bool:
    """Whether the line holds the value itself, without any template."""
    text = line.text.partition(" #")[0].strip().strip("\"'")
    return (
        "{{" not in text
        and isinstance(wanted, (str, int, float, bool))
        and (text == str(wanted) or text.lower() == str(wanted).lower())
    )


def _equal(setting: Any, wanted: Any) -> bool:
    return bool(setting == wanted) or str(setting) == str(wanted)


def _is_part(setting: Any, wanted: Any, text: str) -> bool:
    """Whether the template builds a longer text of the setting."""
    if not isinstance(wanted, str) or not isinstance(setting, (str, int, float)):
        return False
    return "{{" in text and len(str(setting)) > 1 and str(setting) in wanted
