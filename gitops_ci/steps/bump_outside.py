"""Bumps that something outside of the repository asked for: a dispatched workflow, a trigger token.

Whoever may start such a run chooses its words, and may do nothing else here. So they are checked
against the configuration of the base: which app may get which image, from where, at whose wish.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from gitops_ci.config.globs import name_matches
from gitops_ci.config.model import Config
from gitops_ci.promote.bump.plan import Move, Plan, Refusal
from gitops_ci.repo.sites.model import Subject

_EVENTS = frozenset({"workflow_dispatch", "repository_dispatch"})
_SOURCES = frozenset({"trigger", "api", "pipeline"})
_DEFAULTS = "defaults"


class Caller(Struct, frozen=True):
    """Who asked from outside: the event, and the accounts that the forge names for it."""

    event: str
    accounts: tuple[str, ...]


def caller_of(environ: Mapping[str, str]) -> Caller | None:
    """The caller of this run, None when nobody outside started it. The one who started a run anew
    is a caller like the first one."""
    event = environ.get("GITHUB_EVENT_NAME", "")
    names = ("GITHUB_ACTOR", "GITHUB_TRIGGERING_ACTOR")
    if event not in _EVENTS:
        event, names = environ.get("CI_PIPELINE_SOURCE", ""), ("GITLAB_USER_LOGIN", "")
        if event not in _SOURCES:
            return None
    accounts = dict.fromkeys(environ.get(name, "") for name in names if name)
    return Caller(event, tuple(account for account in accounts if account))


def checked(plan: Plan, caller: Caller | None, config: Config) -> Plan:
    """The plan, refused as a whole where one of its moves is not for this caller to ask for."""
    if caller is None:
        return plan
    refused = tuple(item for move in plan.moves for item in _refusals(move, caller, config))
    return plan.refusing(refused)


def _refusals(move: Move, caller: Caller, config: Config) -> Iterator[Refusal]:
    from gitops_ci.steps.bump_latest import is_configured

    site, asked = move.site, f"asked for by {caller.event}"
    if not is_configured(site, config):
        yield _refusal(
            move,
            f"{asked}, and `apps` does not list {site.repository or site.name} for "
            f"{site.app or 'what has no app'}",
            f"list it in `apps.{site.app or 'APP'}.images`, with its registry",
        )
    allowed = config.policy.registries
    if allowed and site.subject is Subject.IMAGE and not _matches(allowed, move):
        text = f"{asked}, and `policy.registries` does not allow {site.repository}"
        yield _refusal(move, text, f"allowed are {', '.join(allowed)}")
    callers = callers_of(site.app, config)
    strange = [name for name in caller.accounts or ("nobody",) if name.lower() not in callers]
    if callers and strange:
        text = f"{asked}, and {strange[0]} may not ask for {site.app}"
        yield _refusal(move, text, f"`apps.{site.app}.callers` names who may")


def callers_of(app: str, config: Config) -> frozenset[str]:
    """The accounts, in lower case, that may ask for the app; empty for everybody whom the forge
    lets start the run."""
    own, defaults = config.apps.get(app), config.apps.get(_DEFAULTS)
    names = (own.callers if own else ()) or (defaults.callers if defaults else ())
    return frozenset(name.removeprefix("@").lower() for name in names)


def _matches(globs: tuple[str, ...], move: Move) -> bool:
    names = (move.name, move.site.repository)
    return any(name_matches(glob, name) for glob in globs for name in names)


def _refusal(move: Move, reason: str, hint: str) -> Refusal:
    return Refusal(move.site, move.target, reason, hint, move.location.line)
