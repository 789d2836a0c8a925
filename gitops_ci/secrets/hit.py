"""One secret that was found, before it becomes a finding. It knows the value; findings do not."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.secrets.secret_text import SecretText

MOST_HITS = 1000
"""So many secrets each way of looking at a file gives."""


class Stretch(Struct, frozen=True):
    """A range of the file's text, in code points."""

    start: int
    end: int


class Entry(Struct, frozen=True):
    """The value at a route of a parsed document; `inner` is the part of it that matters, if it
    stands there as it is."""

    document: int
    route: Route
    inner: SecretText | None = None


class Hit(Struct, frozen=True):
    """`what` says what holds the value ("key 'password' of Secret shop/db") and never quotes it;
    `identity` is the way to it without line numbers; `hint` is empty for the usual advice."""

    rule: Rule
    value: SecretText
    what: str
    identity: str
    place: Stretch | Entry
    severity: Severity
    object: ObjectRef | None = None
    hint: str = ""
