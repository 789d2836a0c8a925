"""How GitLab is set up around a project."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gitops_ci.forge.gitlab.part import quoted
from gitops_ci.forge.gitlab.talk import Talk
from gitops_ci.model.forge_errors import ForbiddenError, NotFoundError, UnauthorisedError
from gitops_ci.model.forge_settings import (
    ApprovalRules,
    BranchRules,
    RepositoryFacts,
    RequiredCheck,
    TokenFacts,
)

_BOTS = ("project_", "group_")


class Settings(Talk):
    """Reads settings; what the token may not see stays unknown."""

    def token_facts(self) -> TokenFacts:
        """The token about itself; a job's token knows nothing."""
        if self._link.wire.is_job:
            return TokenFacts("job")
        name = self.viewer()
        kind = "project" if name.startswith(_BOTS) else "personal"
        try:
            data = self._api.get("/personal_access_tokens/self")
        except (UnauthorisedError, ForbiddenError, NotFoundError):
            return TokenFacts(kind, name)
        ends = str(data.get("expires_at") or "")
        expires = datetime.fromisoformat(ends).replace(tzinfo=UTC) if ends else None
        scopes = frozenset(str(scope) for scope in data.get("scopes") or ())
        return TokenFacts(kind, name, scopes, expires)

    def repository_facts(self) -> RepositoryFacts:
        """Settings of the project."""
        data = self._api.get(self._project)
        method = data.get("merge_method")
        squash = data.get("squash_option")
        return RepositoryFacts(
            str(data["path_with_namespace"]),
            str(data["default_branch"]),
            str(data["web_url"]),
            private=data.get("visibility") != "public",
            auto_merge=True,
            squash=squash != "never" if squash else None,
            rebase=method in ("rebase_merge", "ff") if method else None,
            merge_commit=method in ("merge", "rebase_merge") if method else None,
            delete_branch_on_merge=data.get("remove_source_branch_after_merge"),
            squash_message=str(data.get("squash_commit_template") or ""),
            pipelines_must_succeed=data.get("only_allow_merge_if_pipeline_succeeds"),
            skipped_counts=data.get("allow_merge_on_skipped_pipeline"),
            threads_must_resolve=data.get("only_allow_merge_if_all_discussions_are_resolved"),
        )

    def branch_rules(self, branch: str) -> BranchRules:
        """Protection of the branch; the one required check is the pipeline as a whole."""
        facts = self.repository_facts()
        checks = (RequiredCheck("pipeline"),) if facts.pipelines_must_succeed else ()
        approvals, kept = self._approvals(), self._keeps()
        try:
            data = self._api.get(f"{self._project}/protected_branches/{quoted(branch)}")
        except NotFoundError:
            return BranchRules(
                branch, protected=False, checks=checks, approvals=approvals, approvers=kept
            )
        return BranchRules(
            branch,
            protected=True,
            checks=checks,
            approvals=approvals,
            dismiss_stale=kept is not None and kept.of_head,
            approvers=kept,
            code_owners=bool(data.get("code_owner_approval_required")),
            linear=facts.merge_commit is False,
            force_pushes=bool(data.get("allow_force_push")),
            pushers=tuple(_who(level) for level in data.get("push_access_levels") or ()),
        )

    def _approvals(self) -> int:
        """How many approvals all rules want together at most; 0 where the tier has none."""
        try:
            rules = self._api.get(f"{self._project}/approval_rules")
        except (ForbiddenError, NotFoundError):
            return 0
        return max((int(rule.get("approvals_required") or 0) for rule in rules), default=0)

    def _keeps(self) -> ApprovalRules | None:
        """What the project says of approvals; None where the tier or the token says nothing."""
        try:
            data = self._api.get(f"{self._project}/approvals")
        except (ForbiddenError, NotFoundError):
            return None
        return ApprovalRules(
            of_head=bool(data.get("reset_approvals_on_push")),
            by_author=bool(data.get("merge_requests_author_approval")),
            by_committers=not data.get("merge_requests_disable_committers_approval"),
        )


def _who(level: Any) -> str:
    return str(level.get("access_level_description") or level.get("access_level") or "")
