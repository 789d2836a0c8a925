"""Errors of the compiled schema to faults in plain words.

The errors of the kubeconform engine take the same way: both become a `Problem` first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.render.routes import dotted
from gitops_ci.render.words import article, kind_of, listed, quoted, scalar_text
from gitops_ci.schemas.json_schema import QUANTITY
from gitops_ci.schemas.near import near, nearest
from gitops_ci.schemas.shape import Shape
from gitops_ci.validate import rules
from gitops_ci.validate.fault import Fault, Replacement

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_SHOWN_VALUE = 60
_PLACEHOLDER = regex(r"\$\{[A-Za-z_]\w*|<[^<>\s][^<>]*>|^ref\+\w+://")
"""What Flux, argocd-vault-plugin and vals replace before the object is applied."""
_ENCRYPTED = "ENC["


class Problem(Struct, frozen=True):
    """An error as a schema engine states it: the keyword that failed, where, and its details.
    `branches` are the problems of each branch of anyOf or oneOf."""

    keyword: str
    route: Route
    details: dict[str, Any] = field(default_factory=dict)
    branches: tuple[tuple[Problem, ...], ...] = ()


def problem(error: ValidationError) -> Problem:
    """The error of jsonschema-rs as a Problem."""
    details = error.kind.as_dict()
    context = details.pop("context", ())
    branches = tuple(tuple(problem(inner) for inner in branch) for branch in context)
    return Problem(error.kind.name, tuple(error.instance_path), details, branches)


class Explainer:
    """Explains problems of one object of one schema.

    `value` is the whole object as it stands in the manifest, nulls included. `hide` keeps values
    out of the messages.
    """

    def __init__(self, value: Any, shape: Shape, *, hide: bool = False) -> None:
        self._value = value
        self._shape = shape
        self._hide = hide

    def faults(self, problems: Iterable[Problem]) -> Iterator[Fault]:
        """The faults that the problems amount to."""
        found = [fault for item in problems for fault in self._fault(item)]
        # a misspelt field and the field that is missing because of it are one fault
        meant = {
            (*fault.route[:-1], fault.replacement.new)
            for fault in found
            if fault.rule is rules.UNKNOWN_FIELD and fault.replacement
        }
        # a value of another type breaks the rules for values of the right one, too
        mistyped = {fault.route for fault in found if fault.rule is rules.WRONG_TYPE}
        for fault in found:
            echo = (fault.rule is rules.MISSING_FIELD and fault.route in meant) or (
                fault.rule is rules.INVALID_VALUE and fault.route in mistyped
            )
            if not echo:
                yield from self._doubted(fault)

    def _doubted(self, fault: Fault) -> Iterator[Fault]:
        """The fault, unless the value is not the one that will be applied: what SOPS encrypted is
        opaque, a placeholder may become anything."""
        value = self._get(fault.route)
        if _is_sops(fault.route, value):
            return
        if fault.key or not isinstance(value, str):
            yield fault
        elif not value.startswith(_ENCRYPTED):
            if _PLACEHOLDER.search(value):
                hint = "does something replace the placeholder before the object is applied?"
                fault = replace(fault, severity=Severity.WARNING, hint=hint, replacement=None)
            yield fault

    def _fault(self, item: Problem) -> Iterator[Fault]:
        if item.keyword in ("additionalProperties", "falseSchema"):
            for name in item.details.get("unexpected", self._get(item.route) or ()):
                yield self._unknown(item.route, str(name))
        elif item.keyword == "required":
            for name in item.details.get("properties", (item.details.get("property"),)):
                yield from self._missing(item.route, str(name))
        elif item.keyword == "type":
            yield self._wrong_type(item.route)
        else:
            yield self._invalid(item)

    def _unknown(self, route: Route, name: str) -> Fault:
        node = self._shape.at(route)
        fields = self._shape.fields(node)
        here = self._get(route)
        present = set(here) if isinstance(here, dict) else set()
        close = near(name, set(fields) - present)
        where = f" in {dotted(route)}" if route else ""
        message = f"unknown field {quoted(name)}{where}"
        if len(close) == 1:
            fix = Replacement(name, close[0], f"rename it to {close[0]}", safe=True)
            hint = f"did you mean {quoted(close[0])}?"
            return Fault(rules.UNKNOWN_FIELD, (*route, name), message, True, hint, None, fix)
        # in an overlay the field that is meant often stands in the base already
        close = close or near(name, present & set(fields))
        hint = f"did you mean {listed(close)}?" if close else self._elsewhere(route, name)
        return Fault(rules.UNKNOWN_FIELD, (*route, name), message, key=True, hint=hint)

    def _elsewhere(self, route: Route, name: str) -> str:
        """Where the field would be known: further down, or beside the parents."""
        for depth in range(len(route), -1, -1):
            places = self._shape.places(name, route[:depth])
            places = [place for place in places if place[0] not in ("status", "metadata")]
            if len(places) == 1:
                full = (*route[:depth], *places[0])
                return f"{quoted(name)} belongs to {dotted(full[:-1])}" if full[:-1] else ""
        if not route:
            return ""
        near_names = nearest(name, self._shape.fields(self._shape.at(route[:-1])))
        return f"did you mean {quoted(near_names)} one level up?" if near_names else ""

    def _missing(self, route: Route, name: str) -> Iterator[Fault]:
        if route[:1] == ("status",):
            return  # the API server ignores the status that a manifest carries
        here = self._get(route)
        where = f" in {dotted(route)}" if route else ""
        if isinstance(here, dict) and name in here:
            if "null" not in self._shape.types(self._shape.at((*route, name))):
                message = f"required field {quoted(name)}{where} is empty (null)"
                yield Fault(rules.MISSING_FIELD, (*route, name), message, key=True)
            return
        message = f"required field {quoted(name)} is missing{where}"
        yield Fault(rules.MISSING_FIELD, (*route, name), message, key=True)

    def _wrong_type(self, route: Route) -> Fault:
        value = self._get(route)
        wanted = tuple(kind for kind in self._shape.types(self._shape.at(route)) if kind != "null")
        message = f"{dotted(route)} must be {article(wanted)}, but is {kind_of(value)}"
        hint, fix, severity = "", None, None
        if value is None:
            severity = Severity.WARNING if wanted and wanted[0] in _SCALARS else None
            hint = "remove the empty item or give it a value"
        elif "string" in wanted and isinstance(value, (bool, int, float)):
            hint = "put the value in quotes"
            text = scalar_text(value)
            fix = Replacement(text, f'"{text}"', "quote the value", safe=True) if text else None
        elif isinstance(value, str) and _reads_as(value, wanted):
            hint = "remove the quotes"
        return Fault(rules.WRONG_TYPE, route, message, False, hint, severity, fix)

    def _invalid(self, item: Problem) -> Fault:
        name = dotted(item.route) or "the object"
        message = f"{name} {self._sentence(item)}"
        hint, fix = "", None
        value = self._get(item.route)
        options = [option for option in item.details.get("options", ()) if isinstance(option, str)]
        if item.keyword == "enum" and isinstance(value, str) and (close := nearest(value, options)):
            hint = f"did you mean {quoted(close)}?"
            same = close.casefold() == value.casefold()
            fix = Replacement(value, close, f"change it to {close}", safe=same)
        return Fault(rules.INVALID_VALUE, item.route, message, False, hint, None, fix)

    def _sentence(self, item: Problem) -> str:
        if item.keyword in ("anyOf", "oneOf"):
            return self._alternatives(item)
        details = item.details
        shown = self._shown(self._get(item.route))
        if item.keyword == "enum":
            return f"is {shown}, but must be {listed(details.get('options', ()))}"
        if item.keyword == "const":
            return f"is {shown}, but must be {details.get('expected_value')!r}"
        if item.keyword == "pattern":
            return f"is {shown}, {_mismatch(details.get('pattern'))}"
        if item.keyword == "format":
            return f"is {shown}, which is no {_format(details.get('format'))}"
        sentence = _SENTENCES.get(item.keyword, "is not allowed here")
        limit = details.get("limit", details.get("multiple_of"))
        return sentence.format(shown=shown, limit=limit)

    def _alternatives(self, item: Problem) -> str:
        """One sentence for all branches of anyOf or oneOf."""
        if not item.branches or not all(item.branches):
            parts = self._shape.at(item.route).get("oneOf", ())
            names = [" with ".join(map(quoted, part.get("required", ()))) for part in parts]
            if names and all(names):
                return f"must have only one of {listed(names, plain=True)}"
            return "fits more than one of several forms that exclude each other"
        fields = [_required_only(branch) for branch in item.branches]
        if all(fields):
            words = [" with ".join(quoted(name) for name in names) for names in fields]
            return f"needs one of {listed(words, plain=True)}"
        if all(part.keyword == "type" for branch in item.branches for part in branch):
            kinds = [str(branch[0].details.get("types", "")) for branch in item.branches]
            return f"fits none of the allowed types ({', '.join(kinds)})"
        closest = min(item.branches, key=lambda branch: (len(branch), -len(branch[0].route)))
        first = next(iter(self._fault(closest[0])), None)
        return f"fits none of {len(item.branches)} allowed forms" + (
            f"; closest: {first.message}" if first else ""
        )

    def _shown(self, value: Any) -> str:
        if self._hide and isinstance(value, str):
            return "a value"
        text = f'"{value}"' if isinstance(value, str) else str(value)
        return text if len(text) <= _SHOWN_VALUE else kind_of(value)

    def _get(self, route: Route) -> Any:
        value: Any = self._value
        for step in route:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def _is_sops(route: Route, value: Any) -> bool:
    """Whether this is the block that SOPS adds to the top of a file."""
    return route == ("sops",) and isinstance(value, dict) and "mac" in value


def _mismatch(pattern: object) -> str:
    if pattern == QUANTITY["pattern"]:
        return "which is no quantity such as 500m, 2 or 128Mi"
    return f"which does not match {pattern}"


def _format(name: object) -> str:
    return _FORMATS.get(str(name), f"valid {name}")


_SENTENCES = {
    "minimum": "is {shown}, but must be at least {limit}",
    "maximum": "is {shown}, but must be at most {limit}",
    "exclusiveMinimum": "is {shown}, but must be more than {limit}",
    "exclusiveMaximum": "is {shown}, but must be less than {limit}",
    "minLength": "must have at least {limit} characters",
    "maxLength": "must have at most {limit} characters",
    "minItems": "must have at least {limit} items",
    "maxItems": "must have at most {limit} items",
    "minProperties": "must have at least {limit} fields",
    "maxProperties": "must have at most {limit} fields",
    "multipleOf": "is {shown}, but must be a multiple of {limit}",
    "uniqueItems": "must not have the same item twice",
    "not": "has a combination of fields that is not allowed",
}
_FORMATS = {"byte": "base64 text", "date-time": "time such as 2006-01-02T15:04:05Z"}
_SCALARS = ("string", "integer", "number", "boolean")


def _reads_as(text: str, wanted: tuple[str, ...]) -> bool:
    if "boolean" in wanted:
        return text in ("true", "false")
    if "integer" in wanted or "number" in wanted:
        return text.lstrip("-").replace(".", "", 1 if "number" in wanted else 0).isdigit()
    return False


def _required_only(branch: tuple[Problem, ...]) -> list[str]:
    """The missing fields of a branch that fails for nothing else."""
    if any(part.keyword != "required" for part in branch):
        return []
    names = [part.details.get("properties", (part.details.get("property"),)) for part in branch]
    return [str(name) for group in names for name in group]
