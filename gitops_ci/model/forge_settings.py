"""How a forge is set up around a repository. Unknown stays None: a token may not see it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class TokenFacts(Struct, frozen=True):
    """What is known of the token that calls are made with. `kind` is one of `app`, `workflow`,
    `personal`, `project`, `job`; `scopes` what the forge says it may do, None when it does not
    tell; `expires` when it ends."""

    kind: str
    login: str = ""
    scopes: frozenset[str] | None = None
    expires: datetime | None = None


class RepositoryFacts(Struct, frozen=True):
    """Settings of the repository. `runs_on_bot_pulls` and `bots_may_propose` are about what the
    forge lets a CI system's own token do; `pipelines_must_succeed`, `skipped_counts` and
    `threads_must_resolve` are GitLab's merge checks."""

    name: str
    default_branch: str
    url: str
    private: bool | None = None
    auto_merge: bool | None = None
    squash: bool | None = None
    rebase: bool | None = None
    merge_commit: bool | None = None
    delete_branch_on_merge: bool | None = None
    squash_message: str = ""
    bots_may_propose: bool | None = None
    runs_on_bot_pulls: bool | None = None
    pipelines_must_succeed: bool | None = None
    skipped_counts: bool | None = None
    threads_must_resolve: bool | None = None


class RequiredCheck(Struct, frozen=True):
    """A check without which nothing merges. `source` is the app that has to report it, empty when
    anybody's counts."""

    name: str
    source: str = ""


class ApprovalRules(Struct, frozen=True):
    """Whose approvals a forge counts: whether only those `of_head`, whether the author of the
    change counts too, and whether those do who added commits to it."""

    of_head: bool
    by_author: bool
    by_committers: bool


class BranchRules(Struct, frozen=True):
    """What holds for a branch, from protection and rulesets together. `binds_admins` says that
    administrators cannot go around it; `pushers` who may push to it, None when unknown;
    `workflows` are those that a ruleset requires, whatever the change says; `approvers` is None
    where the forge has no such rules, or does not tell."""

    branch: str
    protected: bool
    checks: tuple[RequiredCheck, ...] = ()
    approvals: int = 0
    code_owners: bool = False
    dismiss_stale: bool = False
    linear: bool = False
    signed: bool = False
    up_to_date: bool = False
    merge_queue: bool = False
    binds_admins: bool | None = None
    force_pushes: bool | None = None
    pushers: tuple[str, ...] | None = None
    workflows: tuple[str, ...] = ()
    approvers: ApprovalRules | None = None
