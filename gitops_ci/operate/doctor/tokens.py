"""What the token may do, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gitops_ci.model.forge_settings import TokenFacts
from gitops_ci.operate.doctor.diagnosis import Diagnosis, advice, bad, good

_TOPIC = "token"
_SOON = timedelta(days=14)
_KINDS = {
    "app": "an app's token",
    "workflow": "the workflow's own token",
    "personal": "a person's token",
    "project": "a project's token",
    "job": "the job's own token",
}
_WIDE = frozenset({"admin:org", "admin:enterprise", "delete_repo", "sudo", "admin_mode"})


def token_health(facts: TokenFacts, now: datetime) -> Iterator[Diagnosis]:
    """Kind, end and width of the token."""
    kind = _KINDS.get(facts.kind, "a token")
    who = f" of {facts.login}" if facts.login else ""
    if facts.expires is not None and facts.expires <= now:
        yield bad(_TOPIC, f"{kind}{who} has expired", "make a new one")
    elif facts.expires is not None and facts.expires - now < _SOON and facts.kind != "app":
        day = f"{facts.expires:%Y-%m-%d}"
        yield advice(_TOPIC, f"{kind}{who} ends on {day}", "replace it before that day")
    else:
        yield good(_TOPIC, f"{kind}{who} is valid")
    if facts.kind == "personal":
        fix = "use a GitHub App, or a project access token: they outlive a person's account"
        yield advice(_TOPIC, "what a person's token does is done in the person's name", fix)
    wide = sorted(_WIDE & (facts.scopes or frozenset()))
    if wide:
        yield advice(_TOPIC, f"it may do more than it needs: {', '.join(wide)}", "narrow it")
    if facts.kind == "job":
        fix = "a project access token (`api`, Developer) in the variable GITLAB_TOKEN"
        yield advice(_TOPIC, "it can neither comment nor propose", fix)
