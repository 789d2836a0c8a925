"""Is the gate enforced: does the forge refuse a merge without it, and who can go around."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.forge_settings import BranchRules, RepositoryFacts
from gitops_ci.operate.doctor.diagnosis import Diagnosis, advice, bad, good, unknown

_TOPIC = "required check"
_MERGE = "merge checks"
_APPROVALS = "approvals"
_OUTLIVES = "an approval outlives later commits"


def github_rules(rules: BranchRules, expected: tuple[str, ...]) -> Iterator[Diagnosis]:
    """Diagnoses of the rules of the main branch; `expected` are the checks that the workflows of
    the repository report."""
    if not rules.protected:
        fix = f"add a ruleset for {rules.branch} that requires {_listed(expected)}"
        yield bad(_TOPIC, f"{rules.branch} is not protected", fix, enforces=True)
        return
    yield from _checks(rules, expected)
    yield from _people(rules)
    if rules.binds_admins is False:
        fix = "switch on `Do not allow bypassing the above settings`"
        yield bad("bypass", "administrators can merge without the check", fix, enforces=True)
    elif rules.binds_admins is None:
        fix = "a token with `administration: read` tells"
        yield unknown("bypass", "whether administrators are bound cannot be seen", fix)
    if rules.pushers is None:
        yield good("pushes", f"changes reach {rules.branch} through pull requests")
    elif rules.pushers:
        text = f"{', '.join(rules.pushers)} may push to {rules.branch}"
        yield advice("pushes", text, "let nobody push who does not have to")
    if rules.force_pushes:
        fix = "forbid force pushes: gates read the history"
        yield bad("pushes", f"{rules.branch} may be force-pushed", fix, enforces=True)
    if rules.workflows:
        yield good("required workflow", f"a ruleset requires {', '.join(rules.workflows)}")


def _checks(rules: BranchRules, expected: tuple[str, ...]) -> Iterator[Diagnosis]:
    required = {check.name: check for check in rules.checks}
    known = [name for name in expected if name in required]
    if not known and not rules.workflows:
        what = f"requires {', '.join(required)}" if required else "requires no check"
        fix = f"require {_listed(expected)}"
        yield bad(_TOPIC, f"{rules.branch} {what}", fix, enforces=True)
        return
    for name in known:
        yield good(_TOPIC, f"{name} is required on {rules.branch}", enforces=True)
        if not required[name].source:
            text = f"anybody who may write statuses can report {name}"
            yield advice(_TOPIC, text, "choose the app that has to report it as its source")
    if known and not rules.up_to_date and not rules.merge_queue:
        text = "a pull request can be merged that was judged on an older base"
        yield advice("base", text, "require branches to be up to date, or use a merge queue")


def _people(rules: BranchRules) -> Iterator[Diagnosis]:
    if not rules.approvals:
        fix = "require one approval at least"
        yield advice("reviews", "a pull request needs no approval", fix)
    elif not rules.dismiss_stale:
        fix = "dismiss stale approvals when commits are pushed"
        yield advice("reviews", _OUTLIVES, fix)
    else:
        yield good("reviews", f"{rules.approvals} approvals of the latest commit")
    if not rules.code_owners:
        fix = "require review from code owners"
        yield advice("reviews", "owners of the gate's files need not agree", fix)


def gitlab_settings(facts: RepositoryFacts, rules: BranchRules) -> Iterator[Diagnosis]:
    """Diagnoses of a GitLab project's merge checks and of its protected branch."""
    if facts.pipelines_must_succeed is None:
        fix = "a token that may read the project tells"
        yield unknown(_MERGE, "the merge checks cannot be seen", fix, enforces=True)
    elif not facts.pipelines_must_succeed:
        fix = "Settings, Merge requests: Pipelines must succeed"
        yield bad(_MERGE, "a merge needs no green pipeline", fix, enforces=True)
    else:
        yield good(_MERGE, "pipelines must succeed", enforces=True)
    if facts.skipped_counts:
        fix = "switch off `Skipped pipelines are considered successful`"
        yield bad(_MERGE, "a skipped pipeline counts as green", fix, enforces=True)
    if facts.threads_must_resolve is False:
        fix = "let all threads have to be resolved: a second lock on remarks"
        yield advice(_MERGE, "a merge may leave threads open", fix)
    if not rules.protected:
        fix = f"protect {rules.branch}"
        yield bad("pushes", f"{rules.branch} is not protected", fix, enforces=True)
    elif rules.pushers:
        text = f"{', '.join(rules.pushers)} may push to {rules.branch}"
        yield advice("pushes", text, "`Allowed to push and merge`: no one")
    elif rules.pushers is not None:
        yield good("pushes", f"nobody pushes to {rules.branch}")


def gitlab_approvals(rules: BranchRules, *, gated: bool) -> Iterator[Diagnosis]:
    """Diagnoses of whose approvals GitLab keeps. GitLab does not say which commit an approval was
    of; where gates ask for approvals (`gated`), it has to drop the older ones itself."""
    kept = rules.approvers
    page = "Settings, Merge requests, Merge request approvals:"
    if kept is None:
        if gated:
            text = "whether approvals outlive later commits cannot be seen"
            fix = "a token that may read the project's approvals tells; it takes GitLab Premium"
            yield unknown(_APPROVALS, text, fix, enforces=True)
        return
    if kept.of_head:
        yield good(_APPROVALS, "a push removes all approvals", enforces=gated)
    elif gated:
        yield bad(_APPROVALS, _OUTLIVES, f"{page} Remove all approvals", enforces=True)
    else:
        yield advice(_APPROVALS, _OUTLIVES, f"{page} Remove all approvals")
    if kept.by_author:
        yield advice(_APPROVALS, "authors may approve", f"{page} Prevent approval by author")
    if kept.by_committers:
        text = "who adds commits may approve"
        yield advice(_APPROVALS, text, f"{page} Prevent approvals by users who add commits")


def bots(facts: RepositoryFacts, *, proposes: bool) -> Iterator[Diagnosis]:
    """Can a workflow open pull requests, and will their checks run. Only of interest where versions
    are promoted."""
    if not proposes:
        return
    if facts.bots_may_propose is False:
        fix = "Settings, Actions: Allow GitHub Actions to create and approve pull requests"
        yield bad("promotions", "the workflow's token may not open pull requests", fix)
    if facts.runs_on_bot_pulls is False:
        text = "checks of pull requests that the workflow's token opens wait for a person"
        yield advice("promotions", text, "open them with a GitHub App's token")
    if facts.auto_merge is False:
        yield advice("promotions", "auto-merge is off", "allow it where `pr.automerge` is used")


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names) or "the job that runs gitops-ci"
