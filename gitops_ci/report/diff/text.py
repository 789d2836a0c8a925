"""A difference for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.diff.model import Difference, EnvironmentChange, Kind, ObjectChange
from gitops_ci.output.colour import Palette
from gitops_ci.output.neutral import neutralise
from gitops_ci.output.terminal import visible
from gitops_ci.report.diff.lines import SIGNS, diff_lines, place, roots, summary, title

_STYLES = {"+": "green", "-": "red", "@": "cyan"}
_NO_ENVIRONMENT = "no environment"


def render(difference: Difference, palette: Palette | None = None) -> str:
    """Environment by environment, object by object; a last line sums up. No line is a command to a
    runner, wherever the text is printed later."""
    paint = (palette or Palette()).paint
    blocks = [
        "\n".join(_environment(environment, palette or Palette()))
        for environment in difference.environments
    ]
    closing = [
        paint(visible(f"! {item.path}: not compared, {item.reason}"), "yellow")
        for item in difference.unseen
    ]
    closing += [paint(line, "bold") for line in _sums(difference)]
    return neutralise("\n\n".join([*blocks, "\n".join(closing)]) + "\n")


def _environment(environment: EnvironmentChange, palette: Palette) -> Iterator[str]:
    name = environment.name or _NO_ENVIRONMENT
    guarded = " (protected)" if environment.protected else ""
    yield palette.paint(f"{visible(name)}{guarded}", "bold")
    for change in environment.objects:
        if not change.is_noise:
            yield from _object(change, palette)
    if environment.noise:
        words = f"  · {environment.noise} only in checksums or generated names"
        yield palette.paint(words, "dim")


def _object(change: ObjectChange, palette: Palette) -> Iterator[str]:
    where = f"  {palette.paint(visible(roots(change)), 'dim')}"
    style = {Kind.ADDED: "green", Kind.REMOVED: "red", Kind.CHANGED: "yellow"}[change.kind]
    yield f"  {palette.paint(f'{SIGNS[change.kind]} {visible(title(change))}', style)}{where}"
    if change.source:
        yield palette.paint(f"      @@ {visible(place(change.source))}", "cyan")
    for line in diff_lines(change):
        yield (
            f"      {palette.paint(line, _STYLES.get(line[:1], ''))}"
            if line[:1] in _STYLES
            else (f"      {line}")
        )


def _sums(difference: Difference) -> Iterator[str]:
    compared = f"{visible(difference.before)} → {visible(difference.after)}"
    if difference.is_empty:
        yield f"{compared}: no rendered object differs"
        return
    sums = [f"{item.name or _NO_ENVIRONMENT}: {summary(item)}" for item in difference.environments]
    yield f"{compared}: {visible('; '.join(sums))}"
