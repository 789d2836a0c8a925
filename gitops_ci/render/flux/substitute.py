"""Post-build substitution in one object.

The controller substitutes in the YAML text of the object and reads it again, so `replicas: ${N}`
becomes a number while a value that had to be quoted stays a text. The same is done here leaf by
leaf, without printing the object."""

from __future__ import annotations

from typing import Any

from gitops_ci.documents.read import read
from gitops_ci.documents.scalars import resolve_kubernetes
from gitops_ci.render.flux.envsubst import Substitution, SubstitutionError
from gitops_ci.render.routes import mapping

SWITCH = "kustomize.toolkit.fluxcd.io/substitute"
_INDICATORS = frozenset("{[]},#&*!|>'\"%@`")


def is_disabled(value: dict[str, Any]) -> bool:
    """Whether the object asks not to be substituted, by label or annotation."""
    metadata = mapping(value, "metadata")
    return "disabled" in (
        mapping(metadata, "labels").get(SWITCH),
        mapping(metadata, "annotations").get(SWITCH),
    )


def substituted(value: Any, substitution: Substitution) -> Any:
    """`value` with every expression in it replaced; parts without one are shared, not copied.
    Raises SubstitutionError."""
    if isinstance(value, str):
        return _text(value, substitution) if "${" in value else value
    if isinstance(value, dict):
        pairs = [
            (_key(key, substitution), substituted(item, substitution))
            for key, item in value.items()
        ]
        same = all(
            new is old and key is name
            for (key, new), (name, old) in zip(pairs, value.items(), strict=True)
        )
        return value if same else dict(pairs)
    if isinstance(value, list):
        items = [substituted(item, substitution) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return value


def _key(key: str, substitution: Substitution) -> str:
    return substitution.apply(key) if "${" in key else key


def _text(text: str, substitution: Substitution) -> Any:
    result = substitution.apply(text)
    if "\n" in text or not _is_plain(text):
        return result
    if "\n" in result or not _is_plain(result):
        return _read_again(result)
    return resolve_kubernetes(result.strip())


def _is_plain(text: str) -> bool:
    """Whether a YAML printer writes the text without quotes, as far as it holds expressions."""
    if not text or text != text.strip() or text[0] in _INDICATORS:
        return False
    if text[0] in "-?:" and (len(text) == 1 or text[1] == " "):
        return False
    return ": " not in text and " #" not in text and not text.endswith(":")


def _read_again(text: str) -> Any:
    """What a YAML reader makes of a text that stands unquoted behind a key."""
    source = read("value.yaml", f"v: {text}\n".encode())
    if source.broken or len(source.documents) > 1:
        raise SubstitutionError("the result is not valid YAML: quote the expression")
    value = source.documents[0].value if source.documents else {}
    if not isinstance(value, dict) or set(value) != {"v"}:
        raise SubstitutionError("the result is not valid YAML: quote the expression")
    return value["v"]
