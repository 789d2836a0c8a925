"""What a step needs of a forge: one protocol for each job.

`Forge` proposes changes; it is all that a clone without a forge can do. `Service` is a forge that
answers over the network and does every job. Every method raises EndpointError when the forge does
not answer as needed; its kinds are in `model/forge_errors.py`. Nothing here is cached: what is
returned was read in the call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # most runs speak to no forge, and need none of what it speaks of
    from gitops_ci.model.change import Change, MergeMessage, MergeResult, Proposal
    from gitops_ci.model.check_run import CheckRun, CommitStatus
    from gitops_ci.model.deployment import Deployment, DeploymentState
    from gitops_ci.model.discussion import Comment, LineComment, Thread
    from gitops_ci.model.forge_settings import BranchRules, RepositoryFacts, TokenFacts
    from gitops_ci.model.pull_request import LabelEvent, PullCommit, PullFile, PullRequest, Review


GITHUB, GITLAB = "GitHub", "GitLab"
"""The names of the services."""


class Forge(Protocol):
    """Takes changes and makes proposals of them.

    Every call may be repeated: the same change on the same base gives the same proposal, and the
    second time `unchanged`.
    """

    name: str
    """How messages call it."""

    def tip(self, branch: str) -> str:
        """The commit at the tip of `branch` as the forge has it now; empty when there is no such
        branch. Its objects are in the local repository afterwards."""
        ...

    def standing(self, branch: str) -> str:
        """The commit that an open proposal of our own on `branch` stands at; empty when there is
        none, or when people have changed the branch. Its objects are in the local repository
        afterwards."""
        ...

    def propose(self, change: Change) -> Proposal:
        """Put `change` on its branch and propose it to its base. Raises ConflictError when
        somebody moved the branch or the base meanwhile (compute the change anew then), and
        StaleEditError when the edits do not fit the change's revision."""
        ...

    def withdraw(self, branch: str, base: str, reason: str) -> Proposal:
        """Close our own open proposal on `branch`, saying why, and remove the branch; also removes
        a branch of ours that is merged. What people have changed stays."""
        ...

    def merge(self, proposal: Proposal, message: MergeMessage) -> MergeResult:
        """Merge the proposal if it still stands at `proposal.commit`; else let the forge do it
        once it can. Raises StaleError when the head is another one."""
        ...


class PullRequests(Protocol):
    """Reads what a pull request is and what people did to it. Lists are complete, all pages."""

    def pull(self, number: int) -> PullRequest:
        """The pull request. Raises NotFoundError."""
        ...

    def pulls_with_head(self, sha: str) -> tuple[PullRequest, ...]:
        """The open pull requests whose head is the commit; how a run on a fork's head is matched
        with its pull request."""
        ...

    def open_pulls(self) -> Iterator[PullRequest]:
        """Every open pull request, the newest first; pages are read as they are needed."""
        ...

    def pull_files(self, number: int) -> tuple[PullFile, ...]:
        """What it changes; at most 3,000 files on GitHub."""
        ...

    def pull_commits(self, number: int) -> tuple[PullCommit, ...]:
        """Its commits, the oldest first."""
        ...

    def brought_by(self, sha: str) -> frozenset[str]:
        """The accounts behind a commit of a branch: those who authored the merged pull requests
        that brought it and their commits; without any, its own author and committer. Accounts that
        the forge does not know are absent."""
        ...

    def reviews(self, number: int) -> tuple[Review, ...]:
        """Each person's verdicts, the oldest first."""
        ...

    def label_events(self, number: int) -> tuple[LabelEvent, ...]:
        """Who set which label when, the oldest first."""
        ...

    def set_labels(self, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
        """Put labels on and take labels off; others are not touched. Missing ones are made."""
        ...


class Teams(Protocol):
    """Reads who belongs to a team."""

    def members(self, team: str) -> frozenset[str]:
        """The logins of `@org/team` (GitHub) or `@group/path` (GitLab), in lower case. Raises
        ForbiddenError or NotFoundError when the token cannot read it: a closed gate."""
        ...

    def may_write(self, login: str) -> bool:
        """Whether the account may push to the repository."""
        ...


class Checks(Protocol):
    """Reads and sets what is reported on commits."""

    def checks(self, sha: str) -> tuple[CheckRun, ...]:
        """The latest of each name and source: check runs, statuses and pipeline jobs together."""
        ...

    def set_status(self, sha: str, status: CommitStatus) -> bool:
        """Report on a commit, if it does not say the same already. Whether it was written."""
        ...


class Comments(Protocol):
    """Reads and writes comments below a pull request."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """All of them, the oldest first."""
        ...

    def add_comment(self, number: int, body: str, marker: str) -> Comment:
        """A new comment. `marker` is a text inside `body` by which it is found again when the
        forge's answer got lost, so that it is never there twice."""
        ...

    def edit_comment(self, number: int, comment: Comment, body: str) -> None:
        """Replace the text of a comment of our own."""
        ...

    def delete_comment(self, number: int, comment: Comment) -> None:
        """Take away a comment of our own; one that is gone already is as good."""
        ...


class Reviews(Protocol):
    """Reads and writes threads on the diff of a pull request."""

    def threads(self, number: int) -> tuple[Thread, ...]:
        """All of them, the oldest first."""
        ...

    def add_review(self, pull: PullRequest, body: str, comments: Sequence[LineComment]) -> None:
        """All comments in one call where the forge has one, on `pull.head_sha`; never a request
        for changes. Raises RefusedError when one of them does not lie on the diff."""
        ...

    def resolve(self, number: int, thread: Thread) -> bool:
        """Mark a thread of our own as done: resolved, or hidden as outdated where the token may
        not resolve. Whether that was possible."""
        ...


class Variables(Protocol):
    """Reads variables of the CI system."""

    def variable(self, name: str) -> str | None:
        """The value, None when there is no such variable. Raises ForbiddenError when the token
        may not read variables."""
        ...


class Deployments(Protocol):
    """Reads and writes deployments."""

    def deployments(self, environment: str, sha: str = "") -> tuple[Deployment, ...]:
        """The newest hundred of an environment, the newest first, with their latest state."""
        ...

    def record_deployment(
        self, environment: str, sha: str, state: DeploymentState, description: str = ""
    ) -> Deployment:
        """Bring the deployment of the commit to the environment to `state`; made if there is
        none. What is there already, or is past it, is returned and nothing is written."""
        ...


class Contents(Protocol):
    """Reads files and history that a shallow or foreign clone does not have."""

    def file(self, path: str, revision: str) -> bytes | None:
        """The bytes of a file at a revision, None when it is not there."""
        ...

    def first_parents(self, revision: str, most: int = 200) -> tuple[str, ...]:
        """The commits on the first-parent line from `revision` downwards."""
        ...

    def fetch(self, revision: str) -> str:
        """Bring a commit or branch into the local repository, and return its id."""
        ...


class Settings(Protocol):
    """Reads how the forge is set up; for `doctor`."""

    def token_facts(self) -> TokenFacts:
        """What is known of the token."""
        ...

    def repository_facts(self) -> RepositoryFacts:
        """The settings of the repository."""
        ...

    def branch_rules(self, branch: str) -> BranchRules:
        """What holds for a branch. Raises ForbiddenError when the token may not see it."""
        ...


class Service(
    PullRequests, Teams, Checks, Comments, Reviews, Variables, Deployments, Contents, Settings,
    Protocol,
):  # fmt: skip
    """A forge that answers over the network. `repository` is its path there, `forge` proposes
    changes to it. `server` is the address of the forge's pages, which may have a path."""

    repository: str
    name: str
    server: str

    @property
    def forge(self) -> Forge:
        """What proposes changes to this repository."""
        ...

    @property
    def calls(self) -> int:
        """How many requests were made so far, REST and GraphQL."""
        ...

    @property
    def writes(self) -> int:
        """How many of them could change something."""
        ...


class Forges(Protocol):
    """Opens forges; the adapters are chosen in `cli/wire.py`."""

    def open(self, name: str, repository: str = "") -> Forge:
        """`local`, `github` or `gitlab`; `repository` is another one than this run's, as a path on
        the same forge. Raises UsageError without a token."""
        ...

    def service(self, repository: str = "") -> Service | None:
        """The forge that this run belongs to, None on a person's machine without a token."""
        ...
