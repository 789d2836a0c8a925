"""A chart that lies outside the repository and was fetched: what is wrong with it is shown on the
line of the repository that asks for it."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.finding import ObjectRef, found
from gitops_ci.model.span import Location, Span
from gitops_ci.render import rules
from gitops_ci.render.fetched.model import ChartPin, Elsewhere, MismatchError, NotFetchedError
from gitops_ci.render.helm.values import Layer
from gitops_ci.render.objects import Step
from gitops_ci.render.result import Result, failed, left_out
from gitops_ci.repo.files import Files


class Outside(Struct, frozen=True):
    """The chart's own files. `location` is the line that asks for it, `label` its name and version,
    `asker` how reports call what installs it."""

    files: Files
    location: Location
    label: str
    asker: str

    def step(self, path: str, span: Span | None) -> Step:
        """The station of a value that a file of the chart sets."""
        line = f":{span.line}" if span else ""
        return Step(self.location, f"{path}{line} in {self.label}, outside the repository")

    def layer(self, layer: Layer) -> Layer:
        """Values of the chart, which nobody can change where they stand."""
        return replace(layer, find=lambda _route: self.location, outside=True)


def outside(
    charts: Elsewhere, pin: ChartPin, asker: str, detail: str, ref: ObjectRef | None = None
) -> Outside | Result:
    """The fetched chart, or why there is none: `remote-chart` with `detail` when it is not here, a
    finding when it is not what it ought to be."""
    label = f"chart '{pin.name}' {pin.version}".rstrip()
    try:
        files = charts.chart(pin)
    except NotFetchedError as error:
        why = detail if charts.is_closed else f"{detail}: {error}"
        return left_out(asker, "remote-chart", why)
    except MismatchError as error:
        message = f"{label} is refused: {error}"
        return failed(found(rules.HELM_MISMATCH, message, pin.location, object=ref, key=pin.name))
    return Outside(files, pin.location, label, asker)
