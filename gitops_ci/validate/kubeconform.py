"""The kubeconform engine: the real program over the same objects and structures, offline.

Objects are handed over as files, one each, in a folder of their own: results then name the object
without doubt, and the reader of kubeconform's standard input reuses its buffer while other
workers still look at it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from gitops_ci.model.errors import IncompleteError
from gitops_ci.model.finding import Finding, found
from gitops_ci.render.objects import RenderedObject, Root
from gitops_ci.schemas.crd import CrdSet
from gitops_ci.schemas.export import LAYOUT, export, exportable
from gitops_ci.tools.run import MissingProgramError, run
from gitops_ci.validate import rules
from gitops_ci.validate.catalogue import Plan, Variant
from gitops_ci.validate.errors import Explainer
from gitops_ci.validate.fault import Fault
from gitops_ci.validate.nulls import without_nulls
from gitops_ci.validate.report import finding_of, place_of
from gitops_ci.validate.schema import SchemaCheck, Settings, faults_of, settled
from gitops_ci.validate.verdicts import problems

_INSTALL = "run `gitops-ci tools install`"
_NAMES = ("name", "namespace", "generateName")


class Kubeconform(Struct, frozen=True):
    """The program at `binary`; a run may take `timeout` seconds and use `workers` threads."""

    binary: Path
    timeout: float = 120.0
    workers: int = 2


class _Waiting(Struct, frozen=True):
    """An object that waits for its verdict."""

    rendered: RenderedObject
    root: Root
    plan: Plan


class KubeconformCheck(SchemaCheck):
    """Like SchemaCheck, but kubeconform judges the structure: `check` gives the findings about
    identities at once, `finish` runs the program, once for each Kubernetes version, and gives the
    rest. `finish` raises IncompleteError when the program is missing, fails or takes too long."""

    def __init__(
        self,
        versions: Sequence[str],
        crds: CrdSet,
        engine: Kubeconform,
        settings: Settings | None = None,
    ) -> None:
        super().__init__(versions, crds, settings)
        self._engine = engine
        self._waiting: list[_Waiting] = []

    def check(self, objects: Iterable[RenderedObject], root: Root) -> Iterator[Finding]:
        """The findings about identities; the objects are kept for `finish`."""
        for rendered in objects:
            plan = self.plan_of(rendered.value)
            if plan.unknown:
                self.note_unknown(plan.gvk, rendered, root)
            for fault in self.own_faults(rendered.value, plan):
                yield finding_of(fault, rendered, root)
            if plan.variants:
                self._waiting.append(_Waiting(rendered, root, plan))

    def finish(self) -> Iterator[Finding]:
        """The findings about structures, then those about kinds without one."""
        verdicts: list[dict[Fault, list[str]]] = [{} for _ in self._waiting]
        failed: list[Finding] = []
        for version in self.catalogue.versions:
            failed.extend(self._run(version, verdicts))
        for item, faults in zip(self._waiting, verdicts, strict=True):
            total = sum(len(variant.versions) for variant in item.plan.variants)
            for fault, versions in faults.items():
                fault = settled(fault, versions, item.plan, total)  # noqa: PLW2901 - the same fault
                yield finding_of(fault, item.rendered, item.root)
        self._waiting.clear()
        yield from failed
        yield from super().finish()

    def _run(self, version: str, verdicts: list[dict[Fault, list[str]]]) -> Iterator[Finding]:
        """Add the faults of the objects whose variant starts at `version`; the findings are about
        objects without a verdict."""
        with tempfile.TemporaryDirectory(prefix="gitops-ci-") as name:
            sent = dict(self._sent(version, Path(name), verdicts))
            if not sent:
                return
            for path, result in self._results(version, Path(name)):
                number = int(Path(path).stem)
                variant, value = sent.pop(number)
                item = self._waiting[number]
                status = result.get("status")
                if status == "statusInvalid":
                    faults = _judged(str(result.get("msg")), item.rendered.value, value, variant)
                    _add(verdicts[number], faults, variant)
                elif status != "statusValid":
                    yield _no_verdict(item, str(result.get("msg")))
            for number in sorted(sent):
                yield _no_verdict(self._waiting[number], "it gave no result")

    def _sent(
        self, version: str, folder: Path, verdicts: list[dict[Fault, list[str]]]
    ) -> Iterator[tuple[int, tuple[Variant, Any]]]:
        """Write schemas and objects; gives the number, variant and value of each object sent. What
        kubeconform cannot read the identity of is judged by the embedded engine."""
        exported: set[int] = set()
        objects = folder / "objects"
        objects.mkdir()
        for number, item in enumerate(self._waiting):
            variant = next((v for v in item.plan.variants if v.versions[0] == version), None)
            if variant is None:
                continue
            text = _text(item.rendered.value) if exportable(item.plan.gvk) else None
            if text is None:
                _add(verdicts[number], faults_of(item.rendered.value, variant), variant)
                continue
            if id(variant) not in exported:
                exported.add(id(variant))
                export(item.plan.gvk, variant.validator.schema, folder / "schemas")
            (objects / f"{number:09}.json").write_text(text, encoding="utf-8")
            yield number, (variant, without_nulls(item.rendered.value))

    def _results(self, version: str, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
        argv: list[str | Path] = [
            self._engine.binary,
            *("-output", "json", "-verbose", "-n", str(self._engine.workers)),
            *("-kubernetes-version", f"{version}.0"),
            *("-schema-location", f"schemas/{LAYOUT}"),
            "objects",
        ]
        try:
            outcome = run(argv, cwd=folder, timeout=self._engine.timeout)
        except MissingProgramError as error:
            raise IncompleteError(f"kubeconform cannot be run: {error}", _INSTALL) from error
        if outcome.timed_out:
            message = f"kubeconform did not finish within {self._engine.timeout:g} seconds"
            raise IncompleteError(message, "raise --timeout, or use --schema-engine embedded")
        try:
            resources = json.loads(outcome.stdout)["resources"]
            yield from ((resource["filename"], resource) for resource in resources or ())
        except (ValueError, KeyError, TypeError) as error:
            said = outcome.stderr.strip().partition("\n")[0] or f"exit code {outcome.code}"
            raise IncompleteError(f"kubeconform failed: {said}", _INSTALL) from error


def _text(value: dict[str, Any]) -> str | None:
    """The object as JSON without null fields; None when kubeconform cannot read its names."""
    metadata = value.get("metadata", {})
    if not isinstance(metadata, dict) or any(
        not isinstance(metadata.get(word, ""), str) for word in _NAMES
    ):
        return None
    try:
        return json.dumps(without_nulls(value), allow_nan=False)
    except (ValueError, RecursionError):
        return None


def _add(verdict: dict[Fault, list[str]], faults: Iterable[Fault], variant: Variant) -> None:
    for fault in faults:
        verdict.setdefault(fault, []).extend(variant.versions)


def _judged(
    message: str, value: dict[str, Any], sent: dict[str, Any], variant: Variant
) -> list[Fault]:
    """The faults in a message about an object that was sent without its null fields."""
    stated = problems(message, sent, variant.validator.shape)
    if not stated:
        return [Fault(rules.INVALID_VALUE, (), f"kubeconform: {message}")]
    hide = value.get("kind") == "Secret"
    return list(Explainer(value, variant.validator.shape, hide=hide).faults(stated))


def _no_verdict(item: _Waiting, message: str) -> Finding:
    return found(
        rules.ENGINE_FAILED,
        f"kubeconform gave no verdict: {message}",
        place_of(item.rendered),
        object=item.rendered.ref,
        root=item.root.name,
        environment=item.root.environment,
    )
