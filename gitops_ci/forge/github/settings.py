"""How GitHub is set up around a repository."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gitops_ci.forge.exchange import Request
from gitops_ci.forge.github.part import Part, quoted
from gitops_ci.model.forge_errors import ForbiddenError, NotFoundError, RefusedError
from gitops_ci.model.forge_settings import (
    BranchRules,
    RepositoryFacts,
    RequiredCheck,
    TokenFacts,
)

_VIEWER = "query{viewer{login}}"
_EXPIRES = "%Y-%m-%d %H:%M:%S %Z"
_BOT = "github-actions"


class Settings(Part):
    """Reads settings; what the token may not see stays unknown."""

    def token_facts(self) -> TokenFacts:
        """The kind of the token by its form, its scopes and end by GitHub's headers."""
        headers = self._api.ask(Request("GET", self._repo)).headers
        listed = headers.get("x-oauth-scopes")
        scopes = frozenset(filter(None, map(str.strip, listed.split(",")))) if listed else None
        try:
            name = str(self._graph.query(_VIEWER)["viewer"]["login"])
        except (ForbiddenError, NotFoundError, RefusedError):
            name = ""
        ends = self._link.wire.expires or _end(
            headers.get("github-authentication-token-expiration", "")
        )
        return TokenFacts(self._kind(name), name, scopes, ends)

    def _kind(self, name: str) -> str:
        if self._link.wire.is_app:
            return "app"
        if self._link.wire.token.startswith("ghs_"):
            return "workflow" if name.startswith(_BOT) else "app"
        return "personal"

    def repository_facts(self) -> RepositoryFacts:
        """Settings of the repository."""
        data = self._api.get(self._repo)
        return RepositoryFacts(
            str(data["full_name"]),
            str(data["default_branch"]),
            str(data["html_url"]),
            private=bool(data["private"]),
            auto_merge=data.get("allow_auto_merge"),
            squash=data.get("allow_squash_merge"),
            rebase=data.get("allow_rebase_merge"),
            merge_commit=data.get("allow_merge_commit"),
            delete_branch_on_merge=data.get("delete_branch_on_merge"),
            squash_message=str(data.get("squash_merge_commit_message") or ""),
            bots_may_propose=self._bots_may_propose(),
        )

    def _bots_may_propose(self) -> bool | None:
        try:
            data = self._api.get(f"{self._repo}/actions/permissions/workflow")
        except (ForbiddenError, NotFoundError):
            return None
        return bool(data.get("can_approve_pull_request_reviews"))

    def branch_rules(self, branch: str) -> BranchRules:
        """Rulesets, which everybody may read, and classic protection, which needs
        `administration: read`; without it only that it is there is known."""
        rules = list(self._api.pages(f"{self._repo}/rules/branches/{quoted(branch)}"))
        found = _of_rulesets(branch, rules)
        data = self._api.get(f"{self._repo}/branches/{quoted(branch)}")
        if not data.get("protected"):
            return found
        try:
            classic = self._api.get(f"{self._repo}/branches/{quoted(branch)}/protection")
        except (ForbiddenError, NotFoundError):
            checks = (data.get("protection") or {}).get("required_status_checks") or {}
            return _joined(found, _classic(branch, {"required_status_checks": checks}))
        return _joined(found, _classic(branch, classic))


def _end(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _EXPIRES).astimezone() if text else None
    except ValueError:
        return None


def _of_rulesets(branch: str, rules: Iterable[Any]) -> BranchRules:
    by_type: dict[str, list[Any]] = {}
    for rule in rules:
        by_type.setdefault(str(rule["type"]), []).append(rule.get("parameters") or {})
    pulls = by_type.get("pull_request", [])
    checks = by_type.get("required_status_checks", [])
    return BranchRules(
        branch,
        protected=bool(by_type),
        checks=tuple(
            RequiredCheck(str(check["context"]), str(check.get("integration_id") or ""))
            for part in checks
            for check in part.get("required_status_checks") or ()
        ),
        approvals=max((int(p.get("required_approving_review_count", 0)) for p in pulls), default=0),
        code_owners=any(p.get("require_code_owner_review") for p in pulls),
        dismiss_stale=any(p.get("dismiss_stale_reviews_on_push") for p in pulls),
        linear="required_linear_history" in by_type,
        signed="required_signatures" in by_type,
        up_to_date=any(c.get("strict_required_status_checks_policy") for c in checks),
        merge_queue="merge_queue" in by_type,
        force_pushes=False if "non_fast_forward" in by_type else None,
        workflows=tuple(
            str(workflow["path"])
            for part in by_type.get("workflows", [])
            for workflow in part.get("workflows") or ()
        ),
    )


def _classic(branch: str, data: Any) -> BranchRules:
    checks = data.get("required_status_checks") or {}
    reviews = data.get("required_pull_request_reviews") or {}
    listed = checks.get("checks") or [{"context": name} for name in checks.get("contexts") or ()]
    restrictions = data.get("restrictions")
    return BranchRules(
        branch,
        protected=True,
        checks=tuple(
            RequiredCheck(str(check["context"]), str(check.get("app_id") or "")) for check in listed
        ),
        approvals=int(reviews.get("required_approving_review_count") or 0),
        code_owners=bool(reviews.get("require_code_owner_reviews")),
        dismiss_stale=bool(reviews.get("dismiss_stale_reviews")),
        linear=_enabled(data, "required_linear_history"),
        signed=_enabled(data, "required_signatures"),
        up_to_date=bool(checks.get("strict")),
        binds_admins=_enabled(data, "enforce_admins") if "enforce_admins" in data else None,
        force_pushes=_enabled(data, "allow_force_pushes") if "allow_force_pushes" in data else None,
        pushers=None
        if restrictions is None
        else tuple(
            str(item.get("login") or item.get("slug"))
            for kind in ("users", "teams", "apps")
            for item in restrictions.get(kind) or ()
        ),
    )


def _enabled(data: Any, key: str) -> bool:
    return bool((data.get(key) or {}).get("enabled"))


def _joined(one: BranchRules, other: BranchRules) -> BranchRules:
    """What both demand together."""
    return BranchRules(
        one.branch,
        protected=one.protected or other.protected,
        checks=tuple(dict.fromkeys((*one.checks, *other.checks))),
        approvals=max(one.approvals, other.approvals),
        code_owners=one.code_owners or other.code_owners,
        dismiss_stale=one.dismiss_stale or other.dismiss_stale,
        linear=one.linear or other.linear,
        signed=one.signed or other.signed,
        up_to_date=one.up_to_date or other.up_to_date,
        merge_queue=one.merge_queue or other.merge_queue,
        binds_admins=other.binds_admins,
        force_pushes=False if one.force_pushes is False else other.force_pushes,
        pushers=other.pushers,
        workflows=one.workflows,
    )
