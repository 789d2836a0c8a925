"""What the gates need to know. Gathered elsewhere; nothing here is looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from gitops_ci.config.model_promotion import CheckGate, HttpGate, MetricGate

if TYPE_CHECKING:  # a plan asks for times alone, and needs none of what people said
    from gitops_ci.model.check_run import CheckState
    from gitops_ci.model.discussion import Comment
    from gitops_ci.model.pull_request import LabelEvent, Review


class Ban(Protocol):
    """A freeze or a hold: somebody decided that nothing goes in."""

    @property
    def reason(self) -> str:
        """Why."""
        ...

    @property
    def until(self) -> datetime | None:
        """When it ends by itself; None when somebody has to end it."""
        ...


class Stay(Struct, frozen=True):
    """A time during which a version stood in an environment; `until` is None while it does."""

    since: datetime
    until: datetime | None = None


class Carried(Struct, frozen=True):
    """One version that the change brings into the environment. `stays` holds, for each environment
    that it may come from, when it stood there on the first-parent line of the base; an environment
    is absent when its history could not be read, for the reason in `problem`."""

    name: str
    version: str
    stays: Mapping[str, tuple[Stay, ...]] = field(default_factory=dict)
    problem: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class CheckFact(Struct, frozen=True):
    """What is known of one configured check. `name` is filled in; `state` None means that nobody
    reported it. `problem` says why it could not be read."""

    gate: CheckGate
    name: str
    state: CheckState | None = None
    problem: str = ""


class ImageFact(Struct, frozen=True):
    """What a registry, a verifier and a scan say of one carried image; None where nobody asked.
    `platforms` are those it offers, `signed` whether the wanted identity signed it, `worst` the
    highest severity of its scan."""

    reference: str
    exists: bool | None = None
    platforms: tuple[str, ...] | None = None
    signed: bool | None = None
    worst: str | None = None
    problem: str = ""


class MetricFact(Struct, frozen=True):
    """The value of a configured query; None when there is none, for the reason in `problem`."""

    gate: MetricGate
    value: float | None = None
    problem: str = ""


class HttpFact(Struct, frozen=True):
    """The values that a configured path finds at `url`; `problem` says why nobody could read
    them."""

    gate: HttpGate
    url: str
    values: tuple[Any, ...] = ()
    problem: str = ""


class People(Struct, frozen=True):
    """Who did what on the pull request. `carriers` are the accounts that authored, triggered or
    pushed what is carried. `members` gives the logins of a team and `may_write` whether an account
    may push; both raise ForgeError when that cannot be read. `head_since` is when the head was
    pushed, None when the forge does not tell. All logins are compared without case.
    `unread` says why not all carriers are known; empty when they are."""

    head: str
    head_since: datetime | None
    reviews: tuple[Review, ...]
    labels: tuple[LabelEvent, ...]
    comments: tuple[Comment, ...]
    carriers: frozenset[str]
    members: Callable[[str], frozenset[str]]
    may_write: Callable[[str], bool]
    unread: str = ""


class Facts(Struct, frozen=True):
    """Everything about one environment that a change touches. `people` is None where there is no
    pull request; `last_change` is when the environment changed last, None for never or unknown.
    `is_rollback` says that the change restores a state that stood on the base before."""

    now: datetime
    environment: str
    carried: tuple[Carried, ...] = ()
    is_rollback: bool = False
    freeze: Ban | None = None
    holds: tuple[tuple[str, Ban], ...] = ()
    last_change: datetime | None = None
    checks: tuple[CheckFact, ...] = ()
    images: tuple[ImageFact, ...] = ()
    metrics: tuple[MetricFact, ...] = ()
    http: tuple[HttpFact, ...] = ()
    people: People | None = None
