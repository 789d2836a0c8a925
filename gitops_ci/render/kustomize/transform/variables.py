"""vars: `$(NAME)` in certain fields, replaced at the end of the build."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from gitops_ci.model.finding import found
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError, MismatchError, UnsupportedError
from gitops_ci.render.kustomize.field_specs import FieldSpec
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.ids import Gvk, Id, effective, is_cluster_scoped, split_api_version
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.spots import Spot
from gitops_ci.render.kustomize.transform.replacements import look_up, smart_split
from gitops_ci.render.kustomize.transform.writes import WriteStep, mismatch
from gitops_ci.render.kustomize.values import MISSING, Value, get, text_of
from gitops_ci.render.kustomize.walk import leaves, split_path, update

_INDEX = regex(r"\[(\d+)\]")


class Variable(Struct, frozen=True):
    """One entry of `vars:`."""

    name: str
    reference: Mapping[str, Any]
    path: str
    spot: Spot

    @property
    def gvk(self) -> Gvk:
        """The kind of the resource that the var points at."""
        get_text = self.reference.get
        group, version = text_of(get_text("group")), text_of(get_text("version"))
        if get_text("apiVersion"):
            group_now, version = split_api_version(text_of(get_text("apiVersion")))
            group = group_now or group
        return Gvk(group, version, text_of(get_text("kind")))


def variable_of(fields: Mapping[str, Any], spot: Spot) -> Variable:
    """The Variable that an entry states."""
    path = (fields.get("fieldref") or {}).get("fieldPath") or "metadata.name"
    return Variable(fields.get("name") or "", fields.get("objref") or {}, path, spot)


def bind(variables: Sequence[Variable], resources: Sequence[Resource]) -> None:
    """Note on each resource which vars point at it. Raises BuildError when one is ambiguous."""
    for variable in variables:
        matches = [r for r in resources if _means(variable, r)]
        if len(matches) > 1:
            message = f"the var {variable.name} means {len(matches)} resources"
            raise BuildError(found(rules.VARIABLE, message, variable.spot.location))
        for resource in matches:
            resource.variables = (*resource.variables, variable.name)


def _means(variable: Variable, resource: Resource) -> bool:
    gvk = variable.gvk
    name = text_of(variable.reference.get("name"))
    namespace = text_of(variable.reference.get("namespace"))
    ids = (*resource.previous_ids(), resource.id)
    if namespace or is_cluster_scoped(gvk):
        return Id(gvk, effective(gvk, namespace), name) in ids
    return any(item.gvk == gvk and item.name == name for item in ids)


def merge_variables(
    known: dict[str, Variable], incoming: Sequence[Variable]
) -> dict[str, Variable]:
    """Both together. Raises BuildError when a name comes twice."""
    result = dict(known)
    for variable in incoming:
        if variable.name in result:
            message = f"the var {variable.name} is defined more than once"
            raise BuildError(found(rules.VARIABLE, message, variable.spot.location))
        result[variable.name] = variable
    return result


def resolve(
    variables: Mapping[str, Variable], resources: list[Resource], specs: Sequence[FieldSpec]
) -> None:
    """Replace the references. Raises BuildError when a var leads to nothing."""
    values = {name: _value_of(variables[name], resources) for name in sorted(variables)}
    if not values:
        return
    step = WriteStep(_Finder(variables, specs).touches)
    for resource in resources:
        value = resource.value
        try:
            for spec in specs:
                if resource.gvk.selected_by(spec.gvk):
                    value = update(value, split_path(spec.path), _Expander(values).expand)
        except MismatchError as error:
            spot = next(iter(variables.values())).spot
            raise mismatch(error, resource, spot.location, "vars") from error
        if value is not resource.value:
            resource.change(value, step)


def _value_of(variable: Variable, resources: Sequence[Resource]) -> Value:
    holder = next((r for r in resources if variable.name in r.variables), None)
    if holder is None:
        message = f"the var {variable.name} points at no resource of this build"
        raise BuildError(found(rules.VARIABLE, message, variable.spot.location))
    value = look_up(holder.value, smart_split(_INDEX.sub(r".\1", variable.path)))
    if value is MISSING:
        message = f"{holder.id} has no field '{variable.path}', which the var {variable.name} reads"
        raise BuildError(found(rules.VARIABLE, message, variable.spot.location))
    if isinstance(value, (dict, list, float)) or value is None:
        message = f"the var {variable.name} holds a value that needs the reference"
        raise UnsupportedError("vars", variable.spot.location, message)
    return value


class _Expander:
    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def expand(self, current: Value) -> Value:
        """The field's value with references replaced."""
        if isinstance(current, str):
            return expand_text(current, self._value)
        if isinstance(current, dict):
            new = {
                key: expand_text(item, self._value) if isinstance(item, str) else item
                for key, item in current.items()
            }
            return current if new == current else new
        if isinstance(current, list):
            if not all(isinstance(item, str) for item in current):
                raise MismatchError("a list that may hold vars has items that are no strings")
            items = [expand_text(item, self._value) for item in current]
            return current if items == current else items
        return current

    def _value(self, name: str) -> Value:
        return self._values.get(name, f"$({name})")


def expand_text(text: str, value_of: Callable[[str], Value]) -> Value:
    """The text with each `$(NAME)` replaced; `$$` stands for a dollar sign. A text that is one
    reference becomes the value itself, with its type."""
    if "$" not in text:
        return text
    result: list[str] = []
    position = 0
    while True:
        at = text.find("$", position)
        if at == -1 or at + 1 >= len(text):
            result.append(text[position:])
            return "".join(result)
        result.append(text[position:at])
        following = text[at + 1]
        if following == "$":
            result.append("$")
            position = at + 2
        elif following == "(" and (end := text.find(")", at)) != -1:
            value = value_of(text[at + 2 : end])
            if at == 0 and end == len(text) - 1:
                return value
            result.append(text_of(value))
            position = end + 1
        else:
            result.append("$" + following)
            position = at + 2


class _Finder:
    """Tells for a traced value which var was written into it."""

    def __init__(self, variables: Mapping[str, Variable], specs: Sequence[FieldSpec]) -> None:
        self._variables = variables
        self._specs = specs

    def touches(self, value: dict[str, Any]) -> list[tuple[Route, Hit]]:
        """The texts that name a var, and its entry."""
        result = []
        for spec in self._specs:
            for route in leaves(value, split_path(spec.path)):
                for inner, text in _texts(get(value, route)):
                    for name, variable in self._variables.items():
                        if f"$({name})" in text:
                            result.append(
                                ((*route, *inner), Hit(variable.spot, "var", partial=True))
                            )
        return result


def _texts(value: Value) -> list[tuple[Route, str]]:
    if isinstance(value, str):
        return [((), value)]
    if isinstance(value, dict):
        return [((key,), item) for key, item in value.items() if isinstance(item, str)]
    if isinstance(value, list):
        return [((index,), item) for index, item in enumerate(value) if isinstance(item, str)]
    return []
